package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;

/**
 * Takes the answer of an exchange to its client. Exactly one call per exchange; afterwards the exchange belongs to the
 * sink, which finishes its invocation, releases its buffers and recycles it. A client that has gone is not an error.
 *
 * <p>Threading: safe on any thread; the sink moves to its own.
 */
public interface ExchangeSink {
    void answer(Exchange exchange, Outcome outcome);

    void refuse(Exchange exchange, Refusal refusal);
}
