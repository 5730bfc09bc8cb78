package dev.thaw.scheduler.core;

/**
 * What the control plane changes of functions while invocations run: provisioned concurrency, and the end of a version's
 * revision.
 *
 * <p>Threading: the scheduler's.
 */
final class FunctionChanges {
    /** In this order environments stop to be provisioned: first those that cost least. */
    private static final int RANKS = 4;

    private final Fleet fleet;
    private final EnvironmentTable table;
    private final ConcurrencyLedger ledger;
    private final Provisioning provisioning;
    private final ColdStarts coldStarts;

    FunctionChanges(Fleet fleet, ConcurrencyLedger ledger, Provisioning provisioning, ColdStarts coldStarts) {
        this.fleet = fleet;
        this.table = fleet.table;
        this.ledger = ledger;
        this.provisioning = provisioning;
        this.coldStarts = coldStarts;
    }

    /** Refuses what the account or the function's reservation cannot give. What is too much serves on as on-demand. */
    void provision(int functionId, int environments, long nowNs) {
        if (environments > 0 && fleet.functions.isRestored(functionId)) {
            throw new IllegalArgumentException(
                    "function " + functionId + " is restored from a snapshot: provisioned concurrency is not for it");
        }
        ledger.provision(functionId, environments);
        provisioning.request(functionId, environments);
        for (int rank = 0; rank < RANKS; rank++) {
            letGo(functionId, rank, nowNs);
        }
        coldStarts.giveRoom(nowNs);
    }

    private void letGo(int functionId, int rank, long nowNs) {
        for (int slot = 0; slot < table.size() && fleet.provisioned.surplus(functionId) > 0; slot++) {
            EnvironmentState state = table.state(slot);
            if (!table.isProvisioned(slot) || table.functionOf(slot) != functionId || rankOf(state) != rank) {
                continue;
            }
            if (state == EnvironmentState.PENDING) {
                provisioning.callOff(slot);
            } else {
                fleet.unmark(slot, nowNs);
            }
            if (state.isStarting()) {
                coldStarts.offerStart(slot, nowNs);
            }
        }
    }

    private static int rankOf(EnvironmentState state) {
        if (state == EnvironmentState.PENDING) {
            return 0;
        }
        if (state.isStarting()) {
            return 1;
        }
        return state.isIdle() ? 2 : 3;
    }

    /** Nothing is accepted any more; environments without invocation go, the others once they have none. */
    void retire(int functionId, long nowNs) {
        fleet.functions.retire(functionId);
        provision(functionId, 0, nowNs);
        for (int slot = 0; slot < table.size(); slot++) {
            if (table.functionOf(slot) == functionId && table.invocation(slot) == null) {
                endUnused(slot, nowNs);
            }
        }
        coldStarts.giveRoom(nowNs);
    }

    private void endUnused(int slot, long nowNs) {
        EnvironmentState state = table.state(slot);
        if (state.isStarting()) {
            coldStarts.endStart(slot);
        } else if (state == EnvironmentState.RESETTING) {
            coldStarts.endReset(slot);
        } else if (!state.isIdle()) {
            return;
        }
        fleet.destroy(slot, DestroyReason.RETIRED, nowNs);
    }

    /** A retired function has neither invocations nor environments any more. */
    boolean isGone(int functionId) {
        return fleet.functions.isRetired(functionId)
                && fleet.functions.environments(functionId) == 0
                && ledger.inUse(functionId) == 0;
    }
}
