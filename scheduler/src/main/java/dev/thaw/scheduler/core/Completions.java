package dev.thaw.scheduler.core;

/**
 * The scheduler's port to whoever waits for an invocation. Each invocation given to the scheduler meets exactly one
 * of these calls, once, and belongs to this port from then on. Must not call the scheduler from inside.
 *
 * <p>Threading: called on the scheduler's thread only.
 */
public interface Completions {
    /** The invocation ended; it is in {@link dev.thaw.results.Phase#RESPOND} and the caller of this port finishes it. */
    void complete(Invocation invocation, Outcome outcome, long nowNs);

    /** The invocation was never started. It is in {@code RESPOND} too. */
    void refuse(Invocation invocation, Refusal refusal, long nowNs);
}
