package dev.thaw.scheduler.core;

/**
 * Keeps as many environments initialised as functions have provisioned concurrency: starts what is missing where there is
 * room that no invocation waits for, evicting idle environments for it, and lets go of what is too much. Such an
 * environment is never evicted and does not expire; one that is lost or reset is replaced. An init that fails stops that
 * until the function's wish is renewed.
 */
final class Provisioning {
    private static final int NONE = -1;
    private static final int PENDING = 0;

    private final SlotLists promised = new SlotLists();
    private final Fleet fleet;
    private final EnvironmentTable table;
    private final ProvisionedCounts counts;
    private final PlacementPolicy placement;

    Provisioning(Fleet fleet, PlacementPolicy placement) {
        this.fleet = fleet;
        this.table = fleet.table;
        this.counts = fleet.provisioned;
        this.placement = placement;
        promised.ensureLists(1);
    }

    /** Changes the wish; {@link #fill} and {@link FunctionChanges} do the rest. */
    void request(int functionId, int environments) {
        counts.request(functionId, environments);
        if (environments > 0 && !fleet.couldEverHold(functionId)) {
            counts.fail(functionId);
        }
    }

    /** Starts what is missing and has room. */
    void fill(long nowNs) {
        for (int wish = 0; counts.isShort() && wish < counts.wishes(); wish++) {
            int functionId = counts.wishing(wish);
            boolean found = true;
            while (found && counts.missing(functionId) > 0) {
                found = start(functionId, nowNs);
            }
        }
    }

    private boolean start(int functionId, long nowNs) {
        int hostId = placement.chooseHost(
                functionId,
                fleet.functions.memoryMib(functionId),
                fleet.functions.milliVcpus(functionId),
                fleet,
                nowNs);
        if (hostId == PlacementPolicy.NONE || !fleet.makeRoom(hostId, functionId, nowNs)) {
            return false;
        }
        int slot = fleet.promise(functionId, hostId);
        fleet.mark(slot);
        promised.ensureSlot(slot);
        if (!fleet.create(slot, nowNs)) {
            promised.addLast(PENDING, slot);
        }
        return true;
    }

    /** Sends create for promised environments that have their room by now. */
    void createPending(long nowNs) {
        int slot = promised.first(PENDING);
        while (slot != NONE) {
            int next = promised.next(slot);
            if (fleet.create(slot, nowNs)) {
                promised.remove(PENDING, slot);
            }
            slot = next;
        }
    }

    /** Lets go of one that create was not sent for yet. */
    void callOff(int slot) {
        promised.remove(PENDING, slot);
        fleet.breakPromise(slot);
    }

    /** Nothing is wanted any more: calls promises off. */
    void stop() {
        while (counts.wishes() > 0) {
            counts.request(counts.wishing(0), 0);
        }
        int slot = promised.first(PENDING);
        while (slot != NONE) {
            callOff(slot);
            slot = promised.first(PENDING);
        }
    }

    ProvisionedConcurrency state(int functionId) {
        int available = 0;
        int inUse = 0;
        for (int slot = 0; counts.held(functionId) > 0 && slot < table.size(); slot++) {
            EnvironmentState state = table.state(slot);
            if (table.isProvisioned(slot) && table.functionOf(slot) == functionId) {
                available += state.isIdle() || state.isAtWork() ? 1 : 0;
                inUse += state.isAtWork() ? 1 : 0;
            }
        }
        return new ProvisionedConcurrency(
                counts.requested(functionId),
                counts.held(functionId),
                available,
                inUse,
                counts.hasFailed(functionId),
                counts.served(functionId),
                counts.spilled(functionId));
    }
}
