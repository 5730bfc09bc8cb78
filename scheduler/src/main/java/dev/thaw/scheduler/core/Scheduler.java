package dev.thaw.scheduler.core;

/**
 * The scheduler: a pure state machine. Messages go in with {@code nowNs}, commands come out through
 * {@link Environments} and {@link Completions}. The same code runs live, in virtual time and, later, replicated.
 *
 * <p>Threading: one thread. {@code nowNs} never goes backwards from call to call.
 */
public final class Scheduler {
    /** No timer is pending. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    public Scheduler(
            SchedulerConfig config,
            PlacementPolicy placement,
            KeepAlivePolicy keepAlive,
            Environments environments,
            Completions completions) {
        throw new UnsupportedOperationException("work in progress");
    }

    /** The dense slot of an environment id. */
    public static int slotOf(long environmentId) {
        return (int) environmentId;
    }

    /** Adds a host; the first is 0. */
    public int addHost(HostSpec host) {
        throw new UnsupportedOperationException("work in progress");
    }

    /** Adds a function; the first is 0. Refuses reservations that leave the account nothing unreserved. */
    public int addFunction(FunctionSpec function) {
        throw new UnsupportedOperationException("work in progress");
    }

    /** Takes an invocation in {@link dev.thaw.results.Phase#FRONTEND}: starts, queues or refuses it. */
    @HotPath
    public void onInvoke(Invocation invocation, long nowNs) {}

    /** The sandbox exists; its runtime starts now. */
    public void onSandboxCreated(long environmentId, long nowNs) {}

    /** The runtime made its first connection to the Runtime API. */
    public void onRuntimeConnected(long environmentId, long nowNs) {}

    /** The runtime asked for its next event: init ended, or the invoke phase did. */
    @HotPath
    public void onReady(long environmentId, long nowNs) {}

    /** The runtime posted a response ({@code RESPONSE}) or an error ({@code FUNCTION_ERROR}) for its invocation. */
    @HotPath
    public void onResponse(long environmentId, Outcome outcome, long nowNs) {}

    /** The runtime reported an init error, or ended before it was ready. */
    public void onInitFailed(long environmentId, long nowNs) {}

    /** The runtime ended after it was ready (idle or at work). */
    public void onRuntimeExit(long environmentId, long nowNs) {}

    @HotPath
    public void onThawed(long environmentId, long nowNs) {}

    /** The runtime is gone, the sandbox waits for init. */
    public void onReset(long environmentId, long nowNs) {}

    /** Nothing of the environment is left (also when it could not be created, or its sandbox failed). */
    public void onDestroyed(long environmentId, long nowNs) {}

    /** Fires every timer that is due. Returns how many fired. */
    @HotPath
    public int poll(long nowNs) {
        return 0;
    }

    /** When {@link #poll} has work next, or {@link #NO_DEADLINE}. */
    @HotPath
    public long nextDeadlineNs() {
        return NO_DEADLINE;
    }

    /** Refuses new invocations, destroys idle environments, and every other one once its invocation has ended. */
    public void shutdown(long nowNs) {}

    /** After {@link #shutdown}: nothing runs and nothing exists any more. */
    public boolean isTerminated() {
        return true;
    }
}
