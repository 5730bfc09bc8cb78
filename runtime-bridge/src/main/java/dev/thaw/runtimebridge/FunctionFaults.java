package dev.thaw.runtimebridge;

import dev.thaw.results.FaultPhase;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one function, one after the other.
 *
 * <p>Threading: safe on any thread.
 */
final class FunctionFaults {
    private final FaultPlan plan;
    private final String function;
    private final AtomicLong inits = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong shutdowns = new AtomicLong();

    FunctionFaults(FaultPlan plan, String function) {
        this.plan = plan;
        this.function = function;
    }

    /** What befalls its next init, or null. */
    @Nullable
    FaultRule nextInit() {
        return plan.draw(function, FaultPhase.INIT, inits.getAndIncrement());
    }

    /** What befalls its next event, or null. */
    @Nullable
    FaultRule nextEvent() {
        return plan.draw(function, FaultPhase.INVOKE, events.getAndIncrement());
    }

    /** What befalls its next streamed response, or null. */
    @Nullable
    FaultRule nextStream() {
        return plan.draw(function, FaultPhase.STREAM, streams.getAndIncrement());
    }

    /** What befalls its next shutdown, or null. */
    @Nullable
    FaultRule nextShutdown() {
        return plan.draw(function, FaultPhase.SHUTDOWN, shutdowns.getAndIncrement());
    }
}
