package dev.thaw.scheduler.core;

/**
 * The scheduler's port to whoever waits for an invocation. Each invocation given to the scheduler meets exactly one
 * of these calls, once.
 *
 * <p>Threading: called on the scheduler's thread only.
 */
public interface Completions {
    /** The invocation ended; it is in {@link dev.thaw.results.Phase#RESPOND} and the caller of this port finishes it. */
    void complete(Invocation invocation, Outcome outcome, long nowNs);

    /** The invocation was never started. */
    void refuse(Invocation invocation, Refusal refusal, long nowNs);
}
