package dev.thaw.scheduler.core;

/**
 * Chooses where an invocation runs: which idle environment, or which host for a new one. Pure: reads the fleet,
 * changes nothing, allocates nothing. Every policy passes the same contract suite.
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
}
