package dev.thaw.scheduler.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One environment of {@link SimulatedFleet}, in the state that the scheduler was told of or has itself commanded. */
final class SimulatedEnvironment {
    enum Told {
        CREATING,
        INIT,
        READY,
        FROZEN,
        THAWING,
        SUPPRESSED_INIT,
        BUSY,
        OVERHANG,
        /** Init failed or the runtime ended: nothing but reset or destroy may follow. */
        BROKEN,
        RESETTING,
        STOPPED,
        DESTROYING
    }

    final long id;
    final int functionId;
    final int hostId;
    final List<SimulatedEvent> pending = new ArrayList<>();
    Told told = Told.CREATING;
    /** Made ahead of invocations. */
    boolean ahead;
    /** The same, and nothing has happened since that ends this. */
    boolean provisioned;

    @Nullable
    Invocation invocation;

    SimulatedEnvironment(long id, int functionId, int hostId) {
        this.id = id;
        this.functionId = functionId;
        this.hostId = hostId;
    }

    boolean isIdle() {
        return told == Told.READY || told == Told.FROZEN || told == Told.STOPPED;
    }

    boolean isStarting() {
        return told == Told.CREATING || told == Told.INIT;
    }

    @Override
    public String toString() {
        return (id >>> 32) + "." + Scheduler.slotOf(id) + "(f" + functionId + " " + told + ")";
    }
}
