package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;

/**
 * The phases of an environment's first init: extensions, runtime, function (contract.md section 2.1), under one limit for
 * all of them.
 *
 * <p>Threading: the scheduler's.
 */
final class InitPhases {
    static final long PROVISIONED_LIMIT_NS = 130_000_000_000L;

    /** Of a restore, from when the sandbox is there (contract.md section 2.2). */
    static final long RESTORE_LIMIT_NS = 10_000_000_000L;

    private static final int NONE = -1;

    private final Fleet fleet;
    private final ColdStarts coldStarts;
    private final long limitNs;

    InitPhases(Fleet fleet, ColdStarts coldStarts, long limitNs) {
        this.fleet = fleet;
        this.coldStarts = coldStarts;
        this.limitNs = limitNs;
    }

    /** The sandbox exists: it goes on from its snapshot, or its runtime starts. */
    void begin(long environmentId, long nowNs) {
        int slot = fleet.table.find(environmentId);
        if (slot != NONE && fleet.isRestored(slot)) {
            begin(environmentId, EnvironmentState.RESTORING, Phase.RESTORE, nowNs);
        } else {
            begin(environmentId, EnvironmentState.INIT_RUNTIME, Phase.INIT_RUNTIME, nowNs);
        }
    }

    /** The sandbox exists: its limit begins with {@code first}. */
    void begin(long environmentId, EnvironmentState first, Phase phase, long nowNs) {
        if (proceed(environmentId, EnvironmentState.CREATING, first, phase, nowNs)) {
            int slot = Scheduler.slotOf(environmentId);
            fleet.deadlines.set(slot, DeadlineHeap.after(nowNs, limitNs(slot)));
        }
    }

    /** Ahead of invocations init may take longer, and at least as long as an invocation (contract.md section 2.1, C22). */
    private long limitNs(int slot) {
        if (fleet.isRestored(slot)) {
            return RESTORE_LIMIT_NS;
        }
        long timeoutNs = fleet.functions.timeoutNs(fleet.table.functionOf(slot));
        return fleet.table.isProvisioned(slot) ? Math.max(PROVISIONED_LIMIT_NS, timeoutNs) : limitNs;
    }

    /** Goes on from {@code last} to {@code next}. Returns false, counting it as stale, where init is elsewhere. */
    boolean proceed(long environmentId, EnvironmentState last, EnvironmentState next, Phase phase, long nowNs) {
        int slot = fleet.find(environmentId, last);
        if (slot == NONE) {
            return false;
        }
        fleet.table.transition(slot, next);
        coldStarts.enterInit(slot, phase, nowNs);
        return true;
    }
}
