package dev.thaw.loadgen.trace;

/** A trace that cannot be used, in one line: {@code file:row: column: 'value', must be bound}. */
public final class TraceException extends RuntimeException {
    public TraceException(String message) {
        super(message);
    }
}
