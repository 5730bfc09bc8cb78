package dev.thaw.scheduler.live;

import java.util.List;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Agrona's idle strategies by name: what a dedicated scheduler thread does while there is nothing to do. */
final class IdleStrategies {
    static final List<String> NAMES = List.of("busy-spin", "yielding", "backoff", "sleeping");

    private static final long BACKOFF_SPINS = 50;
    private static final long BACKOFF_YIELDS = 20;
    private static final long MIN_PARK_NS = 1_000;
    /** An idle scheduler adds at most this and the kernel's timer slack to an invocation. */
    private static final long MAX_PARK_NS = 100_000;

    private IdleStrategies() {}

    static IdleStrategy of(String name) {
        return switch (name) {
            case "busy-spin" -> BusySpinIdleStrategy.INSTANCE;
            case "yielding" -> YieldingIdleStrategy.INSTANCE;
            case "backoff" -> new BackoffIdleStrategy(BACKOFF_SPINS, BACKOFF_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
            case "sleeping" -> new SleepingIdleStrategy(MAX_PARK_NS);
            default -> throw new IllegalArgumentException("idleStrategy: " + name + ", must be one of " + NAMES);
        };
    }
}
