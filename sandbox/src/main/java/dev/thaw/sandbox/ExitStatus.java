package dev.thaw.sandbox;

/**
 * How the runtime's process ended.
 *
 * @param code exit code, or -1 where a signal ended it
 * @param signal signal number, or 0
 * @param outOfMemory the kernel killed it for exceeding its memory limit
 */
public record ExitStatus(int code, int signal, boolean outOfMemory) {
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
