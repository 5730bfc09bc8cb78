package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;

/**
 * The scheduler: a pure state machine. Messages go in with {@code nowNs}, commands come out through
 * {@link Environments} and {@link Completions}. The same code runs live, in virtual time and, later, replicated.
 *
 * <p>An accepted invocation gets an idle environment that {@link PlacementPolicy} chooses, or waits while one is started
 * for it ({@link ColdStarts}). An environment that becomes free serves its own function's first waiting invocation;
 * where none waits it is idle, and may be evicted for the first of the fleet-wide line for room. Events of environments
 * that are gone, or that do not fit the environment's state, are counted as stale and change nothing.
 *
 * <p>Threading: one thread. {@code nowNs} never goes backwards from call to call.
 */
public final class Scheduler {
    /** No timer is pending. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int NONE = -1;

    private final Environments environments;
    private final Fleet fleet;
    private final EnvironmentTable table;
    private final DeadlineHeap deadlines;
    private final FleetCounters counters;
    private final ConcurrencyLedger ledger;
    private final InvocationEndings endings;
    private final ColdStarts coldStarts;
    private final InitPhases inits;
    private final Dispatcher dispatcher;
    private final boolean freezesAtOnce;
    private long arrivals;
    private boolean shuttingDown;

    public Scheduler(
            SchedulerConfig config,
            PlacementPolicy placement,
            KeepAlivePolicy keepAlive,
            Environments environments,
            Completions completions) {
        this.environments = environments;
        fleet = new Fleet(config, keepAlive, environments);
        table = fleet.table;
        deadlines = fleet.deadlines;
        counters = fleet.counters;
        ledger = new ConcurrencyLedger(config.accountConcurrency());
        endings = new InvocationEndings(ledger, counters, completions);
        coldStarts = new ColdStarts(config, fleet, placement, endings);
        inits = new InitPhases(fleet, coldStarts, config.initLimitNs());
        dispatcher = new Dispatcher(fleet, placement, environments);
        freezesAtOnce = config.freezeDelayNs() == 0;
    }

    /** The dense slot of an environment id. */
    @HotPath
    public static int slotOf(long environmentId) {
        return (int) environmentId;
    }

    /** Adds a host; the first is 0. */
    public int addHost(HostSpec host) {
        return fleet.addHost(host);
    }

    /** Adds a function; the first is 0. Refuses reservations that leave the account nothing unreserved. */
    public int addFunction(FunctionSpec function) {
        ledger.add(function);
        int functionId = fleet.addFunction(function);
        coldStarts.addFunction(functionId);
        return functionId;
    }

    /** Live counts; always the same object. */
    public FleetCounters counts() {
        return counters;
    }

    /** Takes an invocation in {@link dev.thaw.results.Phase#FRONTEND}: starts, queues or refuses it. */
    @HotPath
    public void onInvoke(Invocation invocation, long nowNs) {
        Refusal refusal = shuttingDown ? Refusal.SHUTTING_DOWN : ledger.acquire(invocation.functionId());
        if (refusal != null) {
            endings.refuse(invocation, refusal, nowNs);
            return;
        }
        invocation.arrival = arrivals++;
        invocation.acceptedNs = nowNs;
        if (!dispatcher.place(invocation, nowNs)) {
            coldStarts.await(invocation, nowNs);
        }
    }

    /** The sandbox exists; its runtime starts now. */
    public void onSandboxCreated(long environmentId, long nowNs) {
        inits.begin(environmentId, EnvironmentState.INIT_RUNTIME, Phase.INIT_RUNTIME, nowNs);
    }

    /** The sandbox exists; its external extensions start now, its runtime once they have registered. */
    public void onExtensionsStarting(long environmentId, long nowNs) {
        inits.begin(environmentId, EnvironmentState.INIT_EXTENSION, Phase.INIT_EXTENSION, nowNs);
    }

    /** Every external extension has registered; the runtime starts now. The limit of init goes on. */
    public void onExtensionsRegistered(long environmentId, long nowNs) {
        inits.proceed(
                environmentId,
                EnvironmentState.INIT_EXTENSION,
                EnvironmentState.INIT_RUNTIME,
                Phase.INIT_RUNTIME,
                nowNs);
    }

    /** The runtime made its first connection to the Runtime API. */
    public void onRuntimeConnected(long environmentId, long nowNs) {
        inits.proceed(
                environmentId,
                EnvironmentState.INIT_RUNTIME,
                EnvironmentState.INIT_FUNCTION,
                Phase.INIT_FUNCTION,
                nowNs);
    }

    /**
     * The runtime and every extension that was told of the invocation asked for their next event: init ended, or the
     * invoke phase did.
     */
    @HotPath
    public void onReady(long environmentId, long nowNs) {
        int slot = table.find(environmentId);
        EnvironmentState state = slot == NONE ? EnvironmentState.FREE : table.state(slot);
        switch (state) {
            case OVERHANG -> becomeFree(slot, nowNs);
            case SUPPRESSED_INIT -> dispatcher.runInitialized(slot, nowNs);
            case CREATING, INIT_EXTENSION, INIT_RUNTIME, INIT_FUNCTION -> {
                coldStarts.endStart(slot);
                becomeFree(slot, nowNs);
            }
            default -> counters.stale++;
        }
    }

    /** The runtime posted a response ({@code RESPONSE}) or an error ({@code FUNCTION_ERROR}) for its invocation. */
    @HotPath
    public void onResponse(long environmentId, Outcome outcome, long nowNs) {
        int slot = fleet.find(environmentId, EnvironmentState.BUSY);
        if (slot == NONE) {
            return;
        }
        // The deadline stays: it now bounds the overhang.
        Invocation invocation = table.requireInvocation(slot);
        table.setInvocation(slot, null);
        table.transition(slot, EnvironmentState.OVERHANG);
        endings.complete(invocation, outcome, nowNs);
    }

    /** The runtime or an extension reported an init error, or ended before all were ready. */
    public void onInitFailed(long environmentId, long nowNs) {
        int slot = table.find(environmentId);
        if (slot == NONE || !initFailed(slot, ResetReason.INIT_ERROR, nowNs)) {
            counters.stale++;
        }
    }

    /** The runtime or an extension ended after init (idle or at work). Before that it is the same as {@link #onInitFailed}. */
    public void onRuntimeExit(long environmentId, long nowNs) {
        int slot = table.find(environmentId);
        EnvironmentState state = slot == NONE ? EnvironmentState.FREE : table.state(slot);
        switch (state) {
            case IDLE, FROZEN -> {
                fleet.leaveIdle(slot);
                reset(slot, ResetReason.RUNTIME_EXIT, nowNs);
            }
            case THAWING -> {
                Invocation invocation = take(slot);
                reset(slot, ResetReason.RUNTIME_EXIT, nowNs);
                placeAgain(invocation, nowNs);
            }
            case BUSY -> fail(slot, Outcome.RUNTIME_EXITED, ResetReason.RUNTIME_EXIT, nowNs);
            case OVERHANG -> reset(slot, ResetReason.RUNTIME_EXIT, nowNs);
            default -> onInitFailed(environmentId, nowNs);
        }
    }

    @HotPath
    public void onThawed(long environmentId, long nowNs) {
        int slot = fleet.find(environmentId, EnvironmentState.THAWING);
        if (slot == NONE) {
            return;
        }
        dispatcher.runThawed(slot, nowNs);
    }

    /** The runtime is gone, the sandbox waits for init. */
    public void onReset(long environmentId, long nowNs) {
        int slot = fleet.find(environmentId, EnvironmentState.RESETTING);
        if (slot == NONE) {
            return;
        }
        coldStarts.endReset(slot);
        Invocation invocation = coldStarts.claim(slot, true, nowNs);
        if (invocation == null) {
            rest(slot, EnvironmentState.STOPPED, nowNs);
        } else {
            dispatcher.initialize(slot, invocation, nowNs);
        }
    }

    /** Nothing of the environment is left (also when it could not be created, or its sandbox failed). */
    public void onDestroyed(long environmentId, long nowNs) {
        int slot = table.find(environmentId);
        if (slot == NONE) {
            counters.stale++;
            return;
        }
        EnvironmentState state = table.state(slot);
        Invocation invocation = table.invocation(slot);
        endStart(slot);
        fleet.forget(slot);
        coldStarts.createPending(nowNs);
        if (state != EnvironmentState.DESTROYING) {
            counters.failed++;
            if (invocation != null) {
                lostWith(invocation, state, nowNs);
            }
            coldStarts.giveRoom(nowNs);
        }
    }

    /** Fires every timer that is due. Returns how many fired. */
    @HotPath
    public int poll(long nowNs) {
        int fired = 0;
        while (DeadlineHeap.isDue(deadlines.firstDeadlineNs(), nowNs)) {
            fire(deadlines.first(), nowNs);
            fired++;
        }
        if (DeadlineHeap.isDue(coldStarts.nextDeadlineNs(), nowNs)) {
            fired += coldStarts.expire(nowNs);
        }
        return fired;
    }

    /** When {@link #poll} has work next, or {@link #NO_DEADLINE}. */
    @HotPath
    public long nextDeadlineNs() {
        return DeadlineHeap.earlier(deadlines.firstDeadlineNs(), coldStarts.nextDeadlineNs());
    }

    /**
     * Refuses new and waiting invocations, destroys environments that have none, and every other one once its invocation
     * has ended.
     */
    public void shutdown(long nowNs) {
        if (shuttingDown) {
            return;
        }
        shuttingDown = true;
        coldStarts.refuseAll(Refusal.SHUTTING_DOWN, nowNs);
        for (int slot = 0; slot < table.size(); slot++) {
            EnvironmentState state = table.state(slot);
            endStart(slot);
            if (state.isStarting() || state.isIdle() || state == EnvironmentState.RESETTING) {
                fleet.destroy(slot, DestroyReason.SHUTDOWN, nowNs);
            }
        }
    }

    /** After {@link #shutdown}: nothing runs and nothing exists any more. */
    public boolean isTerminated() {
        return shuttingDown && table.inUse() == 0 && ledger.totalInUse() == 0;
    }

    // --- environments between invocations

    /** The environment is ready and has no invocation: it serves the next one waiting, or rests. */
    @HotPath
    private void becomeFree(int slot, long nowNs) {
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

    @HotPath
    private void rest(int slot, EnvironmentState idleState, long nowNs) {
        fleet.enterIdle(slot, idleState, nowNs);
        if (coldStarts.hasWaitingForRoom()) {
            coldStarts.giveRoom(nowNs);
        }
        if (freezesAtOnce && table.state(slot) == EnvironmentState.IDLE) {
            fleet.freeze(slot, nowNs);
        }
    }

    // --- ends

    private void fire(int slot, long nowNs) {
        switch (table.state(slot)) {
            case INIT_EXTENSION, INIT_RUNTIME, INIT_FUNCTION -> initFailed(slot, ResetReason.INIT_TIMEOUT, nowNs);
            case THAWING, SUPPRESSED_INIT, BUSY -> fail(slot, Outcome.TIMED_OUT, ResetReason.TIMEOUT, nowNs);
            case OVERHANG -> reset(slot, ResetReason.TIMEOUT, nowNs);
            case IDLE, FROZEN, STOPPED -> idleTimer(slot, nowNs);
            default -> throw new IllegalStateException("timer of slot " + slot + " in state " + table.state(slot));
        }
    }

    private void idleTimer(int slot, long nowNs) {
        if (DeadlineHeap.isDue(table.expiryNs(slot), nowNs)) {
            counters.expired++;
            fleet.destroy(slot, DestroyReason.KEEP_ALIVE_EXPIRED, nowNs);
            coldStarts.giveRoom(nowNs);
        } else {
            fleet.freeze(slot, nowNs);
        }
    }

    /** The environment goes: nobody is to count on it where it was being started or reset. */
    private void endStart(int slot) {
        EnvironmentState state = table.state(slot);
        if (state.isStarting()) {
            coldStarts.endStart(slot);
        } else if (state == EnvironmentState.RESETTING) {
            coldStarts.endReset(slot);
        }
    }

    private boolean initFailed(int slot, ResetReason reason, long nowNs) {
        EnvironmentState state = table.state(slot);
        if (state == EnvironmentState.SUPPRESSED_INIT) {
            fail(slot, Outcome.INIT_FAILED, reason, nowNs);
            return true;
        }
        if (state.isStarting()) {
            // Whoever waits for this start keeps it: init is tried again inside that invocation.
            coldStarts.endStart(slot);
            reset(slot, reason, nowNs);
            return true;
        }
        return false;
    }

    private void fail(int slot, Outcome outcome, ResetReason reason, long nowNs) {
        Invocation invocation = take(slot);
        reset(slot, reason, nowNs);
        endings.complete(invocation, outcome, nowNs);
    }

    private Invocation take(int slot) {
        Invocation invocation = table.requireInvocation(slot);
        table.setInvocation(slot, null);
        return invocation;
    }

    private void reset(int slot, ResetReason reason, long nowNs) {
        if (shuttingDown) {
            fleet.destroy(slot, DestroyReason.SHUTDOWN, nowNs);
            return;
        }
        deadlines.clear(slot);
        table.transition(slot, EnvironmentState.RESETTING);
        environments.reset(table.id(slot), reason, nowNs);
        if (table.invocation(slot) == null) {
            coldStarts.offerReset(slot, nowNs);
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
        if (!dispatcher.place(invocation, nowNs)) {
            coldStarts.await(invocation, nowNs);
        }
    }
}
