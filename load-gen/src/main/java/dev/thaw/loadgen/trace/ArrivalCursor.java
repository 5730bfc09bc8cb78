package dev.thaw.loadgen.trace;

/**
 * Planned invocations in the order of their starts, one at a time, without objects.
 *
 * <p>Threading: one thread.
 */
public interface ArrivalCursor {
    /** Moves to the next invocation; false after the last. */
    boolean next();

    /** Intended start, in ns since the run's start. */
    long startNs();

    /** Index into the plan's functions. */
    int function();

    /** How long the invocation takes in the trace; 0 where the plan does not say. */
    int durationUs();
}
