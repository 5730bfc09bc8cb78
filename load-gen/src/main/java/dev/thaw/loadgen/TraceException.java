package dev.thaw.loadgen;

/** A trace that cannot be used, in one line: {@code file:row: column: 'value', must be bound}. */
public final class TraceException extends LoadException {
    public TraceException(String message) {
        super(message);
    }
}
