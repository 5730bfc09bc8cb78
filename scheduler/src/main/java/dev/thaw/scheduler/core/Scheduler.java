package dev.thaw.scheduler.core;

import dev.thaw.results.Phase;
import dev.thaw.results.live.HostUse;
import java.util.ArrayList;
import java.util.List;

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

    private final KeepAlivePolicy keepAlive;
    private final Fleet fleet;
    private final EnvironmentTable table;
    private final DeadlineHeap deadlines;
    private final FleetCounters counters;
    private final ConcurrencyLedger ledger;
    private final InvocationEndings endings;
    private final ColdStarts coldStarts;
    private final InitPhases inits;
    private final Dispatcher dispatcher;
    private final Provisioning provisioning;
    private final Prewarming prewarming;
    private final FunctionChanges changes;
    private final EnvironmentTurns turns;
    private final List<String> hostNames = new ArrayList<>();
    private long arrivals;

    public Scheduler(SchedulerConfig config, Policies policies, Environments environments, Completions completions) {
        keepAlive = policies.keepAlive();
        fleet = new Fleet(config, policies, environments);
        table = fleet.table;
        deadlines = fleet.deadlines;
        counters = fleet.counters;
        ledger = new ConcurrencyLedger(config.accountConcurrency(), fleet.functions);
        endings = new InvocationEndings(ledger, counters, policies.queueing(), completions);
        provisioning = new Provisioning(fleet, policies.placement());
        coldStarts = new ColdStarts(config, fleet, policies, provisioning, endings);
        prewarming = new Prewarming(fleet, policies, coldStarts);
        inits = new InitPhases(fleet, coldStarts, config.initLimitNs());
        dispatcher = new Dispatcher(fleet, policies.placement(), environments);
        changes = new FunctionChanges(fleet, ledger, provisioning, coldStarts);
        turns = new EnvironmentTurns(environments, fleet, coldStarts, dispatcher, endings, config.freezeDelayNs() == 0);
    }

    /** The dense slot of an environment id. */
    @HotPath
    public static int slotOf(long environmentId) {
        return (int) environmentId;
    }

    /** Adds a host; the first is 0. */
    public int addHost(HostSpec host) {
        hostNames.add(host.name());
        return fleet.addHost(host);
    }

    /** What hosts have, and what environments hold of it. */
    public List<HostUse> hosts() {
        List<HostUse> all = new ArrayList<>(fleet.hostCount());
        for (int host = 0; host < fleet.hostCount(); host++) {
            all.add(new HostUse(
                    hostNames.get(host),
                    fleet.hostMemoryMib(host),
                    fleet.hostMemoryMib(host) - fleet.freeMemoryMib(host),
                    fleet.evictableMemoryMib(host),
                    fleet.hostMilliVcpus(host),
                    fleet.hostMilliVcpus(host) - fleet.freeMilliVcpus(host),
                    fleet.evictableMilliVcpus(host)));
        }
        return all;
    }

    /** Adds a function: one revision of one version of a name; the first is 0. */
    public int addFunction(FunctionSpec function) {
        int functionId = fleet.addFunction(function);
        ledger.ensureFunctions();
        coldStarts.addFunction(functionId);
        return functionId;
    }

    /**
     * Changes the cap and guarantee of all functions of the name, also of those that come later;
     * {@link FunctionSpec#UNRESERVED} for none, 0 to switch them off. What runs beyond it runs on. Refuses a reservation
     * that leaves the account nothing unreserved, or is less than is provisioned.
     */
    public void reserve(String name, int concurrency) {
        int group = fleet.functions.groupOf(name);
        ledger.ensureFunctions();
        ledger.reserve(group, concurrency);
    }

    /**
     * Keeps so many environments of the function initialised, from now on; asking again makes good for a failure. They
     * count against its reservation, or else the account's pool.
     */
    public void provision(int functionId, int environments, long nowNs) {
        changes.provision(functionId, turns.isShuttingDown() ? 0 : environments, nowNs);
    }

    /** How far {@link #provision} has come. */
    public ProvisionedConcurrency provisioned(int functionId) {
        return provisioning.state(functionId);
    }

    /**
     * Refuses the function's invocations from now on; those accepted are still served. Its environments end once they
     * have no invocation.
     */
    public void retire(int functionId, long nowNs) {
        changes.retire(functionId, nowNs);
    }

    /** After {@link #retire}: the function has neither invocations nor environments any more. */
    public boolean isGone(int functionId) {
        return changes.isGone(functionId);
    }

    /** Invocations accepted and not ended, by function. */
    public ConcurrencyUse concurrency() {
        return ledger.use();
    }

    /** Live counts; always the same object. */
    public FleetCounters counts() {
        return counters;
    }

    /** Takes an invocation in {@link dev.thaw.results.Phase#FRONTEND}: starts, queues or refuses it. */
    @HotPath
    public void onInvoke(Invocation invocation, long nowNs) {
        Refusal refusal = turns.isShuttingDown() ? Refusal.SHUTTING_DOWN : ledger.acquire(invocation.functionId());
        if (refusal != null) {
            endings.refuse(invocation, refusal, nowNs);
            return;
        }
        invocation.arrival = arrivals++;
        invocation.acceptedNs = nowNs;
        keepAlive.onArrival(invocation.functionId(), fleet, nowNs);
        if (!dispatcher.place(invocation, nowNs)) {
            coldStarts.await(invocation, nowNs);
        }
    }

    /** The sandbox exists; its runtime starts now, or goes on from a snapshot. */
    public void onSandboxCreated(long environmentId, long nowNs) {
        inits.begin(environmentId, nowNs);
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
            case OVERHANG -> turns.becomeFree(slot, nowNs);
            case SUPPRESSED_INIT -> dispatcher.runInitialized(slot, nowNs);
            case CREATING, INIT_EXTENSION, INIT_RUNTIME, INIT_FUNCTION, RESTORING -> {
                fleet.started(slot, nowNs);
                coldStarts.endStart(slot);
                turns.becomeFree(slot, nowNs);
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
        if (slot == NONE || !turns.initFailed(slot, ResetReason.INIT_ERROR, nowNs)) {
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
                turns.reset(slot, ResetReason.RUNTIME_EXIT, nowNs);
            }
            case THAWING -> turns.resetThawing(slot, nowNs);
            case BUSY -> turns.fail(slot, Outcome.RUNTIME_EXITED, ResetReason.RUNTIME_EXIT, nowNs);
            case OVERHANG -> turns.reset(slot, ResetReason.RUNTIME_EXIT, nowNs);
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
        turns.becomeReset(slot, nowNs);
    }

    /** Nothing of the environment is left (also when it could not be created, or its sandbox failed). */
    public void onDestroyed(long environmentId, long nowNs) {
        int slot = table.find(environmentId);
        if (slot == NONE) {
            counters.stale++;
            return;
        }
        turns.destroyed(slot, nowNs);
    }

    /** Fires every timer that is due. Returns how many fired. */
    @HotPath
    public int poll(long nowNs) {
        int fired = 0;
        while (DeadlineHeap.isDue(deadlines.firstDeadlineNs(), nowNs)) {
            turns.fire(deadlines.first(), nowNs);
            fired++;
        }
        if (DeadlineHeap.isDue(coldStarts.nextDeadlineNs(), nowNs)) {
            fired += coldStarts.expire(nowNs);
        }
        if (DeadlineHeap.isDue(prewarming.nextDeadlineNs(), nowNs)) {
            fired += prewarming.fire(nowNs);
        }
        return fired;
    }

    /** When {@link #poll} has work next, or {@link #NO_DEADLINE}. */
    @HotPath
    public long nextDeadlineNs() {
        long startsNs = DeadlineHeap.earlier(coldStarts.nextDeadlineNs(), prewarming.nextDeadlineNs());
        return DeadlineHeap.earlier(deadlines.firstDeadlineNs(), startsNs);
    }

    /**
     * Refuses new and waiting invocations, destroys environments that have none, and every other one once its invocation
     * has ended.
     */
    public void shutdown(long nowNs) {
        if (turns.isShuttingDown()) {
            return;
        }
        turns.shutDown();
        provisioning.stop();
        prewarming.stop();
        coldStarts.refuseAll(Refusal.SHUTTING_DOWN, nowNs);
        for (int slot = 0; slot < table.size(); slot++) {
            EnvironmentState state = table.state(slot);
            turns.endStart(slot);
            if (state.isStarting() || state.isIdle() || state == EnvironmentState.RESETTING) {
                fleet.destroy(slot, DestroyReason.SHUTDOWN, nowNs);
            }
        }
    }

    /** After {@link #shutdown}: nothing runs and nothing exists any more. */
    public boolean isTerminated() {
        return turns.isShuttingDown() && table.inUse() == 0 && ledger.totalInUse() == 0;
    }
}
