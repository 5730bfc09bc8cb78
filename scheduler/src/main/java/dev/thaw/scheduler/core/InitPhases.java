package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;

/**
 * The phases of an environment's first init: extensions, runtime, function (contract.md section 2.1), under one limit for
 * all of them.
 *
 * <p>Threading: the scheduler's.
 */
final class InitPhases {
    private static final int NONE = -1;

    private final Fleet fleet;
    private final ColdStarts coldStarts;
    private final long limitNs;

    InitPhases(Fleet fleet, ColdStarts coldStarts, long limitNs) {
        this.fleet = fleet;
        this.coldStarts = coldStarts;
        this.limitNs = limitNs;
    }

    /** The sandbox exists: its limit begins with {@code first}. */
    void begin(long environmentId, EnvironmentState first, Phase phase, long nowNs) {
        if (proceed(environmentId, EnvironmentState.CREATING, first, phase, nowNs)) {
            fleet.deadlines.set(fleet.table.find(environmentId), DeadlineHeap.after(nowNs, limitNs));
        }
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
