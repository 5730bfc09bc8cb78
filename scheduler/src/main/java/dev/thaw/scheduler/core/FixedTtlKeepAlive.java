package dev.thaw.scheduler.core;

/** Keeps every idle environment equally long; the least recently used one of a host goes first when room is needed. */
public final class FixedTtlKeepAlive implements KeepAlivePolicy {
    private final long keepAliveNs;

    /**
     * @param keepAliveNs how long an idle environment stays; {@link Long#MAX_VALUE} for ever
     */
    public FixedTtlKeepAlive(long keepAliveNs) {
        if (keepAliveNs < 0) {
            throw new IllegalArgumentException("keepAliveNs is " + keepAliveNs + ", must be 0 or more");
        }
        this.keepAliveNs = keepAliveNs;
    }

    @Override
    @HotPath
    public long expiryNs(int slot, FleetView fleet, long nowNs) {
        return DeadlineHeap.after(nowNs, keepAliveNs);
    }

    @Override
    public int chooseVictim(int hostId, FleetView fleet, long nowNs) {
        return fleet.leastRecentIdle(hostId);
    }
}
