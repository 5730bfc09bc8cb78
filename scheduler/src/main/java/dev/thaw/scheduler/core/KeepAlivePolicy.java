package dev.thaw.scheduler.core;

/**
 * Decides how long an idle environment is worth its memory, and which idle environment goes first when room is
 * needed. Pure: reads the fleet, allocates nothing. Every policy passes the same contract suite.
 */
public interface KeepAlivePolicy {
    /** No environment can be evicted. */
    int NONE = -1;

    /** When the environment that became idle at {@code nowNs} is to be destroyed if nothing happens. At least {@code nowNs}. */
    long expiryNs(int slot, FleetView fleet, long nowNs);

    /** The slot of the idle environment on {@code hostId} to evict next, or {@link #NONE}. */
    int chooseVictim(int hostId, FleetView fleet, long nowNs);
}
