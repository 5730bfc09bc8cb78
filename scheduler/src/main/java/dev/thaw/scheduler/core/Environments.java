package dev.thaw.scheduler.core;

/**
 * The scheduler's port to execution environments. Every command is asynchronous: it returns at once and is answered
 * later by a call on {@link Scheduler} (never from inside the command). Events of one environment arrive in the order in
 * which they happened; after {@code onReset} none arrives that happened before it. Late events are harmless otherwise.
 *
 * <p>An environment id is {@code generation << 32 | slot}: unique for ever, with a dense slot
 * ({@link Scheduler#slotOf(long)}) for arrays.
 *
 * <p>Threading: called on the scheduler's thread only.
 */
public interface Environments {
    /**
     * Builds a sandbox and starts init. Answered by {@code onSandboxCreated} (with external extensions by
     * {@code onExtensionsStarting} and {@code onExtensionsRegistered} in its place), {@code onRuntimeConnected} and
     * {@code onReady}, or by {@code onInitFailed} (the sandbox stays, waiting for {@link #reset}), or by
     * {@code onDestroyed} where no sandbox could be built. With {@link InitializationType#SNAP_START} it goes on from its
     * function's snapshot instead: answered by {@code onSandboxCreated} and {@code onReady}, or as before.
     */
    void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs);

    /** Hands the event to a ready runtime. Answered by {@code onResponse}, then {@code onReady}; or {@code onRuntimeExit}. */
    void dispatch(long environmentId, Invocation invocation, long nowNs);

    /**
     * Starts the runtime again in a sandbox that was reset, at the function's CPU share: the suppressed init of
     * {@code invocation}. Answered by {@code onReady} or {@code onInitFailed}.
     */
    void initialize(long environmentId, Invocation invocation, long nowNs);

    /** Stops every process of an idle environment. Not answered. */
    void freeze(long environmentId, long nowNs);

    /** Lets a frozen environment run again. Answered by {@code onThawed}. */
    void thaw(long environmentId, long nowNs);

    /**
     * Ends the runtime, keeps the sandbox and its {@code /tmp}. May come in any state, frozen included. Answered by
     * {@code onReset}, or by {@code onDestroyed} where the sandbox was lost, and always where it was restored.
     */
    void reset(long environmentId, ResetReason reason, long nowNs);

    /**
     * Ends everything. May come in any state: while it is frozen, created, in init or in reset. Answered by one
     * {@code onDestroyed}, once its memory is free again.
     */
    void destroy(long environmentId, DestroyReason reason, long nowNs);
}
