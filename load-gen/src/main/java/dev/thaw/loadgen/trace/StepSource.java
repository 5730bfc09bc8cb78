package dev.thaw.loadgen.trace;

/**
 * Numbers of invocations in one step of a trace after the other: of a minute, or a second.
 *
 * <p>Threading: one thread.
 */
interface StepSource {
    /** Moves to the next step, the first one at first; false after the last. */
    boolean next();

    /** When the step begins in the trace. */
    long startNs();

    long stepNs();

    /** Functions that are invoked in the step. */
    int size();

    /** Which one {@code place} is, as an index into the trace's functions. */
    int function(int place);

    int count(int place);

    /** Of its invocations in this step, in us. */
    Quantiles durationUs(int place);
}
