package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.Outcome;

/**
 * Told of every ended invocation before its answer leaves: writes the END and REPORT lines, fills
 * {@link Exchange#record}, and the log tail where the client asked for it. Implemented by the runtime bridge.
 *
 * <p>Threading: called on the scheduler's thread.
 */
public interface InvocationReports {
    /**
     * Returns true where the answer may leave now. Returns false where it must wait for the log tail: the implementation
     * then calls {@code exchange.sink.answer(exchange, outcome)} itself, soon and exactly once.
     */
    boolean report(Exchange exchange, Outcome outcome, long nowNs);
}
