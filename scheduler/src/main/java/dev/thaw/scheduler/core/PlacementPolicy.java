package dev.thaw.scheduler.core;

/**
 * Chooses where an invocation runs: which idle environment, or which host for a new one. Changes nothing in the fleet,
 * allocates nothing once it knows the functions there are. Every policy passes the same contract suite.
 *
 * <p>Threading: the scheduler's. An object serves one scheduler.
 */
public interface PlacementPolicy {
    /** No environment, or no host, qualifies. */
    int NONE = -1;

    /**
     * The slot of an idle environment of {@code functionId} to use, or {@link #NONE} to have one created. Must be a
     * slot that {@code fleet} lists as idle for that function.
     */
    int chooseEnvironment(int functionId, FleetView fleet, long nowNs);

    /**
     * The host for a new environment of {@code memoryMib} and {@code milliVcpus}, or {@link #NONE} where none has
     * room even after evicting idle environments.
     */
    int chooseHost(int functionId, int memoryMib, int milliVcpus, FleetView fleet, long nowNs);

    /** An environment of the function is being created there. */
    default void onCreate(int functionId, int hostId) {}
}
