package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;

/**
 * Hands an accepted invocation to an environment, by way of a thaw or a suppressed init where it needs one, and starts
 * the function's timeout.
 */
final class Dispatcher {
    private final Fleet fleet;
    private final EnvironmentTable table;
    private final PlacementPolicy placement;
    private final Environments environments;

    Dispatcher(Fleet fleet, PlacementPolicy placement, Environments environments) {
        this.fleet = fleet;
        this.table = fleet.table;
        this.placement = placement;
        this.environments = environments;
    }

    /** Gives the invocation the idle environment that the policy chooses. Returns false where it chooses none. */
    @HotPath
    boolean place(Invocation invocation, long nowNs) {
        int slot = placement.chooseEnvironment(invocation.functionId(), fleet, nowNs);
        if (slot == PlacementPolicy.NONE) {
            return false;
        }
        EnvironmentState state = table.state(slot);
        if (!state.isIdle() || table.functionOf(slot) != invocation.functionId()) {
            throw badChoice(invocation, slot);
        }
        fleet.leaveIdle(slot);
        switch (state) {
            case FROZEN -> thaw(slot, invocation, nowNs);
            case STOPPED -> initialize(slot, invocation, nowNs);
            default -> run(slot, invocation, nowNs);
        }
        return true;
    }

    /** Runs the invocation in an environment that is ready. */
    @HotPath
    void run(int slot, Invocation invocation, long nowNs) {
        own(slot, invocation, nowNs);
        dispatch(slot, invocation, nowNs);
    }

    /** Repeats init inside the invocation, in an environment that was reset. */
    void initialize(int slot, Invocation invocation, long nowNs) {
        own(slot, invocation, nowNs);
        invocation.suppressedInit = true;
        invocation.enter(Phase.SUPPRESSED_INIT, nowNs);
        table.transition(slot, EnvironmentState.SUPPRESSED_INIT);
        environments.initialize(table.id(slot), invocation, nowNs);
    }

    /** Runs the invocation that the environment was thawed for; the timeout starts now. */
    @HotPath
    void runThawed(int slot, long nowNs) {
        Invocation invocation = table.requireInvocation(slot);
        startTimeout(slot, invocation, nowNs);
        dispatch(slot, invocation, nowNs);
    }

    /** Runs the invocation that init was repeated in; the timeout goes on. */
    @HotPath
    void runInitialized(int slot, long nowNs) {
        dispatch(slot, table.requireInvocation(slot), nowNs);
    }

    @HotPath
    private void thaw(int slot, Invocation invocation, long nowNs) {
        own(slot, invocation, nowNs);
        invocation.enter(Phase.THAW, nowNs);
        table.transition(slot, EnvironmentState.THAWING);
        environments.thaw(table.id(slot), nowNs);
    }

    @HotPath
    private void own(int slot, Invocation invocation, long nowNs) {
        table.setInvocation(slot, invocation);
        table.markServed(slot);
        invocation.provisioned = table.isProvisioned(slot);
        fleet.provisioned.countInvocation(invocation.functionId(), invocation.provisioned);
        invocation.environmentId = table.id(slot);
        invocation.hostId = table.hostOf(slot);
        startTimeout(slot, invocation, nowNs);
    }

    @HotPath
    private void startTimeout(int slot, Invocation invocation, long nowNs) {
        invocation.deadlineNs = DeadlineHeap.after(nowNs, fleet.functions.timeoutNs(invocation.functionId()));
        fleet.deadlines.set(slot, invocation.deadlineNs);
    }

    @HotPath
    private void dispatch(int slot, Invocation invocation, long nowNs) {
        invocation.enter(Phase.INVOKE, nowNs);
        table.transition(slot, EnvironmentState.BUSY);
        environments.dispatch(table.id(slot), invocation, nowNs);
    }

    private IllegalStateException badChoice(Invocation invocation, int slot) {
        return new IllegalStateException("placement policy chose slot " + slot + " of function "
                + table.functionOf(slot) + " in state " + table.state(slot) + " for function "
                + invocation.functionId());
    }
}
