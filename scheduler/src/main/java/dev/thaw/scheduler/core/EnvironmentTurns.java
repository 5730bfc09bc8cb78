package dev.thaw.scheduler.core;

/**
 * What comes next for an environment whose invocation, init, runtime or time has ended: the next invocation, rest, a
 * reset, or its end.
 *
 * <p>Threading: the scheduler's.
 */
final class EnvironmentTurns {
    private static final int NONE = -1;

    private final Environments environments;
    private final Fleet fleet;
    private final EnvironmentTable table;
    private final ColdStarts coldStarts;
    private final Dispatcher dispatcher;
    private final InvocationEndings endings;
    private final boolean freezesAtOnce;
    private boolean shuttingDown;

    EnvironmentTurns(
            Environments environments,
            Fleet fleet,
            ColdStarts coldStarts,
            Dispatcher dispatcher,
            InvocationEndings endings,
            boolean freezesAtOnce) {
        this.environments = environments;
        this.fleet = fleet;
        this.table = fleet.table;
        this.coldStarts = coldStarts;
        this.dispatcher = dispatcher;
        this.endings = endings;
        this.freezesAtOnce = freezesAtOnce;
    }

    /** From now on environments end instead of being kept. */
    void shutDown() {
        shuttingDown = true;
    }

    @HotPath
    boolean isShuttingDown() {
        return shuttingDown;
    }

    // --- between invocations

    /** The environment is ready and has no invocation: it serves the next one waiting, or rests. */
    @HotPath
    void becomeFree(int slot, long nowNs) {
        if (shuttingDown) {
            fleet.destroy(slot, DestroyReason.SHUTDOWN, nowNs);
        } else if (coldStarts.hasWaiting(table.functionOf(slot))) {
            serveNext(slot, nowNs);
        } else {
            rest(slot, EnvironmentState.IDLE, nowNs);
        }
    }

    private void serveNext(int slot, long nowNs) {
        Invocation next = coldStarts.claim(slot, false, nowNs);
        if (next != null) {
            dispatcher.run(slot, next, nowNs);
        }
    }

    /** Its runtime is gone: it repeats init for who waits, or rests. Then it is not provisioned any more: not ready. */
    void becomeReset(int slot, long nowNs) {
        coldStarts.endReset(slot);
        Invocation invocation = coldStarts.claim(slot, true, nowNs);
        if (invocation == null) {
            fleet.unmark(slot, nowNs);
            rest(slot, EnvironmentState.STOPPED, nowNs);
        } else {
            dispatcher.initialize(slot, invocation, nowNs);
        }
    }

    @HotPath
    private void rest(int slot, EnvironmentState idleState, long nowNs) {
        if (fleet.functions.isRetired(table.functionOf(slot))) {
            slowRetire(slot, nowNs);
            return;
        }
        fleet.enterIdle(slot, idleState, nowNs);
        if (coldStarts.wantsRoom()) {
            coldStarts.giveRoom(nowNs);
        }
        if (freezesAtOnce && table.state(slot) == EnvironmentState.IDLE) {
            fleet.freeze(slot, nowNs);
        }
    }

    private void slowRetire(int slot, long nowNs) {
        fleet.destroy(slot, DestroyReason.RETIRED, nowNs);
        coldStarts.giveRoom(nowNs);
    }

    // --- ends

    /** Its timer is due. */
    void fire(int slot, long nowNs) {
        switch (table.state(slot)) {
            case INIT_EXTENSION, INIT_RUNTIME, INIT_FUNCTION, RESTORING ->
                initFailed(slot, ResetReason.INIT_TIMEOUT, nowNs);
            case THAWING, SUPPRESSED_INIT, BUSY -> fail(slot, Outcome.TIMED_OUT, ResetReason.TIMEOUT, nowNs);
            case OVERHANG -> reset(slot, ResetReason.TIMEOUT, nowNs);
            case IDLE, FROZEN, STOPPED -> idleTimer(slot, nowNs);
            default -> throw new IllegalStateException("timer of slot " + slot + " in state " + table.state(slot));
        }
    }

    private void idleTimer(int slot, long nowNs) {
        if (DeadlineHeap.isDue(table.expiryNs(slot), nowNs)) {
            fleet.counters.expired++;
            fleet.destroy(slot, DestroyReason.KEEP_ALIVE_EXPIRED, nowNs);
            coldStarts.giveRoom(nowNs);
        } else {
            fleet.freeze(slot, nowNs);
        }
    }

    /** The environment goes: nobody is to count on it where it was being started or reset. */
    void endStart(int slot) {
        EnvironmentState state = table.state(slot);
        if (state.isStarting()) {
            coldStarts.endStart(slot);
        } else if (state == EnvironmentState.RESETTING) {
            coldStarts.endReset(slot);
        }
    }

    /** Returns false where the environment is not in init. */
    boolean initFailed(int slot, ResetReason reason, long nowNs) {
        EnvironmentState state = table.state(slot);
        if (state == EnvironmentState.SUPPRESSED_INIT) {
            initFailedAgain(slot, nowNs);
            return true;
        }
        if (state.isStarting()) {
            fleet.started(slot, nowNs);
        }
        if (state.isStarting() && fleet.isRestored(slot)) {
            restoreFailed(slot, reason, nowNs);
            return true;
        }
        if (state.isStarting()) {
            // Whoever waits for this start keeps it: init is tried again inside that invocation.
            coldStarts.endStart(slot);
            failProvisioned(slot, nowNs);
            reset(slot, reason, nowNs);
            return true;
        }
        return false;
    }

    /** What outlives a reset may be why, a {@code /tmp} that is full above all: the next invocation gets another one. */
    private void initFailedAgain(int slot, long nowNs) {
        Invocation invocation = take(slot);
        fleet.destroy(slot, shuttingDown ? DestroyReason.SHUTDOWN : DestroyReason.INIT_FAILED, nowNs);
        endings.complete(invocation, Outcome.INIT_FAILED, nowNs);
        coldStarts.giveRoom(nowNs);
    }

    /** The next restore would do no better: who counted on this one is refused. */
    private void restoreFailed(int slot, ResetReason reason, long nowNs) {
        coldStarts.endStart(slot);
        Invocation invocation = coldStarts.withdraw(slot);
        reset(slot, reason, nowNs);
        if (invocation != null) {
            boolean late = reason == ResetReason.INIT_TIMEOUT;
            endings.giveUp(invocation, late ? Refusal.RESTORE_TIMED_OUT : Refusal.RESTORE_FAILED, nowNs);
        }
    }

    /** A provisioned environment did not get ready: the next one would not either. */
    private void failProvisioned(int slot, long nowNs) {
        if (table.isProvisioned(slot)) {
            fleet.provisioned.fail(table.functionOf(slot));
            fleet.unmark(slot, nowNs);
        }
    }

    void fail(int slot, Outcome outcome, ResetReason reason, long nowNs) {
        Invocation invocation = take(slot);
        reset(slot, reason, nowNs);
        endings.complete(invocation, outcome, nowNs);
    }

    private Invocation take(int slot) {
        Invocation invocation = table.requireInvocation(slot);
        table.setInvocation(slot, null);
        return invocation;
    }

    void reset(int slot, ResetReason reason, long nowNs) {
        if (shuttingDown) {
            fleet.destroy(slot, DestroyReason.SHUTDOWN, nowNs);
            return;
        }
        fleet.deadlines.clear(slot);
        table.transition(slot, EnvironmentState.RESETTING);
        environments.reset(table.id(slot), reason, nowNs);
        if (table.invocation(slot) == null && !fleet.isRestored(slot)) {
            coldStarts.offerReset(slot, nowNs);
        }
    }

    /** Its runtime ended while it was thawed for an invocation, which another environment serves. */
    void resetThawing(int slot, long nowNs) {
        Invocation invocation = take(slot);
        reset(slot, ResetReason.RUNTIME_EXIT, nowNs);
        placeAgain(invocation, nowNs);
    }

    /** Nothing of it is left. */
    void destroyed(int slot, long nowNs) {
        EnvironmentState state = table.state(slot);
        Invocation invocation = table.invocation(slot);
        endStart(slot);
        if (state.isStarting()) {
            failProvisioned(slot, nowNs);
        }
        boolean restored = fleet.isRestored(slot);
        fleet.forget(slot);
        coldStarts.createPending(nowNs);
        if (state != EnvironmentState.DESTROYING) {
            fleet.counters.failed += state == EnvironmentState.RESETTING && restored ? 0 : 1;
            if (invocation != null) {
                lostWith(invocation, state, nowNs);
            }
            coldStarts.giveRoom(nowNs);
        }
    }

    /** An environment was lost with an invocation that was at work in it, or waited for it. */
    private void lostWith(Invocation invocation, EnvironmentState state, long nowNs) {
        switch (state) {
            case BUSY, SUPPRESSED_INIT -> endings.complete(invocation, Outcome.RUNTIME_EXITED, nowNs);
            case THAWING -> placeAgain(invocation, nowNs);
            default -> coldStarts.retry(invocation, nowNs);
        }
    }

    /** The environment ended before it saw its invocation, which knows nothing of it. */
    private void placeAgain(Invocation invocation, long nowNs) {
        if (shuttingDown) {
            endings.complete(invocation, Outcome.RUNTIME_EXITED, nowNs);
            return;
        }
        invocation.environmentId = Invocation.NO_ENVIRONMENT;
        invocation.hostId = NONE;
        invocation.provisioned = false;
        if (!dispatcher.place(invocation, nowNs)) {
            coldStarts.await(invocation, nowNs);
        }
    }
}
