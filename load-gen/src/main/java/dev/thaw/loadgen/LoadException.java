package dev.thaw.loadgen;

/** A load that cannot be made, in one line that names what, value and bound. */
public sealed class LoadException extends RuntimeException permits TraceException {
    public LoadException(String message) {
        super(message);
    }
}
