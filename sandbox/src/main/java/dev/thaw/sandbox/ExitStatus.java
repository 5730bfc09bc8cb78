package dev.thaw.sandbox;

/**
 * How the runtime's process ended.
 *
 * @param code exit code, or -1 where a signal ended it
 * @param signal signal number, or 0
 * @param outOfMemory the kernel killed it for exceeding its memory limit
 * @param invalidEntrypoint nothing of the function ran: {@code bootstrap} is missing or cannot be executed; the reason is
 *     the last line of the sandbox's output (contract.md 1.8: {@code Runtime.InvalidEntrypoint})
 */
public record ExitStatus(int code, int signal, boolean outOfMemory, boolean invalidEntrypoint) {
    /** Exit code that goes with {@link #invalidEntrypoint}. */
    public static final int NOT_STARTED = 127;

    /** The status of a runtime that did start. */
    public ExitStatus(int code, int signal, boolean outOfMemory) {
        this(code, signal, outOfMemory, false);
    }

    /** As the service words it: {@code exit status 3}, {@code signal: killed}. */
    public String describe() {
        return switch (signal) {
            case 0 -> "exit status " + code;
            case 6 -> "signal: aborted";
            case 9 -> "signal: killed";
            case 11 -> "signal: segmentation fault";
            case 15 -> "signal: terminated";
            default -> "signal: " + signal;
        };
    }
}
