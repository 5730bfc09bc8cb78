package dev.thaw.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * How the runtime's process ended.
 *
 * @param code exit code, or -1 where a signal ended it
 * @param signal signal number, or 0
 * @param outOfMemory the kernel killed it for exceeding its memory limit
 * @param launchFault why nothing of the function ran (contract.md 1.8: {@code bootstrap} is missing or cannot be
 *     executed), told also by the last line of the sandbox's output; or null
 */
public record ExitStatus(
        int code, int signal, boolean outOfMemory, @Nullable LaunchFault launchFault) {
    /** Exit code that goes with {@link #launchFault}. */
    public static final int NOT_STARTED = 127;

    /** The status of a package, with or without a {@code bootstrap} that can run. */
    public ExitStatus(int code, int signal, boolean outOfMemory, boolean invalidEntrypoint) {
        this(code, signal, outOfMemory, invalidEntrypoint ? LaunchFault.NO_BOOTSTRAP : null);
    }

    /** The status of a runtime that did start. */
    public ExitStatus(int code, int signal, boolean outOfMemory) {
        this(code, signal, outOfMemory, null);
    }

    /** Nothing of the function ran. */
    public boolean invalidEntrypoint() {
        return launchFault != null;
    }

    /** As the service words it: {@code exit status 3}, {@code signal: killed}. */
    public String describe() {
        return switch (signal) {
            case 0 -> "exit status " + code;
            case 1 -> "signal: hangup";
            case 2 -> "signal: interrupt";
            case 3 -> "signal: quit";
            case 4 -> "signal: illegal instruction";
            case 5 -> "signal: trace/breakpoint trap";
            case 6 -> "signal: aborted";
            case 7 -> "signal: bus error";
            case 8 -> "signal: floating point exception";
            case 9 -> "signal: killed";
            case 10 -> "signal: user defined signal 1";
            case 11 -> "signal: segmentation fault";
            case 12 -> "signal: user defined signal 2";
            case 13 -> "signal: broken pipe";
            case 14 -> "signal: alarm clock";
            case 15 -> "signal: terminated";
            default -> "signal: signal " + signal;
        };
    }
}
