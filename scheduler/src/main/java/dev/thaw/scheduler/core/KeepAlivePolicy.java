package dev.thaw.scheduler.core;

/**
 * Decides how long an idle environment is worth its memory, which one goes first when room is needed, and whether one is
 * started ahead of the next invocation. May remember what it is told; once it knows the functions and environments there
 * are, and how long they are idle, nothing here allocates. Every policy passes the same contract suite.
 *
 * <p>Threading: the scheduler's. An object serves one scheduler.
 */
public interface KeepAlivePolicy {
    /** No environment can be evicted. */
    int NONE = -1;
    /** Until it is evicted; and, of a start ahead, never. */
    long FOR_EVER = Long.MAX_VALUE;

    /** An invocation of the function was accepted, and finds the fleet like this. */
    @HotPath
    default void onArrival(int functionId, FleetView fleet, long nowNs) {}

    /** How long to keep the environment, which has just become idle and evictable, if nothing happens. */
    long keepNs(int slot, FleetView fleet, long nowNs);

    /**
     * In how long to start an environment of the function if it has none by then, as far as there is room that nobody else
     * holds; {@link #FOR_EVER} for not at all. Asked after each {@link #keepNs} of the function; the last answer counts.
     */
    @HotPath
    default long prewarmAfterNs(int functionId, FleetView fleet, long nowNs) {
        return FOR_EVER;
    }

    /** The environment's first start has ended, ready or not, so long after its creation. */
    default void onStarted(int slot, FleetView fleet, long tookNs) {}

    /** Nothing of the environment is left; its slot may serve another one next. */
    default void onGone(int slot, FleetView fleet) {}

    /** The slot of the idle environment on {@code hostId} to evict next, which it will be, or {@link #NONE}. */
    default int chooseVictim(int hostId, FleetView fleet, long nowNs) {
        return fleet.leastRecentIdle(hostId);
    }
}
