package dev.thaw.scheduler.core;

/**
 * Decides who is first of all the invocations that wait for room in the fleet. Those of one function are served in order of
 * arrival whatever it says. Once it knows the functions there are, nothing here allocates. Every policy passes the same
 * contract suite.
 *
 * <p>Threading: the scheduler's. An object serves one scheduler.
 */
public interface QueueingPolicy {
    /**
     * The place in the line of an invocation that begins to wait for room: the least is first, and of equals who came first.
     * Asked once for each. Ranks compare by difference, so they may be instants of any epoch.
     */
    long rank(int functionId, FleetView fleet, long nowNs);

    /** An invocation of this rank got room. */
    default void onRoom(int functionId, long rank) {}

    /** An invocation has ended whose handler was at work so long, 0 where it never was. */
    @HotPath
    default void onEnded(int functionId, long workNs) {}
}
