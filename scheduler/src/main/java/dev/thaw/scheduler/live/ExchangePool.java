package dev.thaw.scheduler.live;

import java.util.ArrayDeque;

/**
 * Exchanges to use again, one pool for each event loop.
 *
 * <p>Threading: none; the event loop that took an exchange gives it back.
 */
public final class ExchangePool {
    private final int bound;
    private final ArrayDeque<Exchange> spares;

    /** Keeps up to {@code bound} exchanges; what comes back beyond is left to the collector. */
    public ExchangePool(int bound) {
        this.bound = bound;
        spares = new ArrayDeque<>(Math.min(bound, 1_024));
    }

    public Exchange take() {
        Exchange spare = spares.pollLast();
        return spare == null ? new Exchange() : spare;
    }

    /** Takes back an exchange whose buffers are released or handed over. */
    public void giveBack(Exchange exchange) {
        exchange.clear();
        if (spares.size() < bound) {
            spares.addLast(exchange);
        }
    }
}
