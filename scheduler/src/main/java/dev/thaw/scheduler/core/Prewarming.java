package dev.thaw.scheduler.core;

/**
 * Starts environments ahead of invocations, when {@link KeepAlivePolicy#prewarmAfterNs} said so: one for a function that has
 * none by then, into room that is free. It is a guess, so nobody is evicted for it and nobody who waits is overtaken.
 *
 * <p>Threading: the scheduler's.
 */
final class Prewarming {
    private final Fleet fleet;
    private final PlacementPolicy placement;
    private final ScalingPolicy scaling;
    private final ColdStarts coldStarts;

    Prewarming(Fleet fleet, Policies policies, ColdStarts coldStarts) {
        this.fleet = fleet;
        placement = policies.placement();
        scaling = policies.scaling();
        this.coldStarts = coldStarts;
    }

    @HotPath
    long nextDeadlineNs() {
        return fleet.prewarms.firstDeadlineNs();
    }

    /** Starts what is due. Returns how many functions were. */
    int fire(long nowNs) {
        int fired = 0;
        while (DeadlineHeap.isDue(fleet.prewarms.firstDeadlineNs(), nowNs)) {
            int functionId = fleet.prewarms.first();
            fleet.prewarms.clear(functionId);
            boolean wanted = fleet.functions.environments(functionId) == 0 && !fleet.functions.isRetired(functionId);
            if (wanted && !coldStarts.wantsRoom()) {
                start(functionId, nowNs);
            }
            fired++;
        }
        return fired;
    }

    private void start(int functionId, long nowNs) {
        int hostId = placement.chooseHost(
                functionId,
                fleet.functions.memoryMib(functionId),
                fleet.functions.milliVcpus(functionId),
                fleet,
                nowNs);
        int group = fleet.functions.groupOf(functionId);
        boolean fits = hostId != PlacementPolicy.NONE && fleet.hasRoom(hostId, functionId);
        if (!fits || !scaling.permits(group, nowNs)) {
            return;
        }
        int slot = fleet.promise(functionId, hostId);
        if (fleet.create(slot, nowNs)) {
            scaling.onCreate(group, nowNs);
            fleet.counters.prewarmed++;
            coldStarts.offerStart(slot, nowNs);
        } else {
            fleet.breakPromise(slot);
        }
    }

    void stop() {
        while (fleet.prewarms.first() != DeadlineHeap.NONE) {
            fleet.prewarms.clear(fleet.prewarms.first());
        }
    }
}
