package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.KeepAlivePolicy;

/** Keeps every idle environment equally long; the least recently used one of a host goes first when room is needed. */
public final class FixedTtlKeepAlive implements KeepAlivePolicy {
    private final long keepAliveNs;

    /**
     * @param keepAliveNs how long an idle environment stays; {@link #FOR_EVER} for until its room is needed, which is LRU
     */
    public FixedTtlKeepAlive(long keepAliveNs) {
        if (keepAliveNs < 0) {
            throw new IllegalArgumentException("keepAliveNs is " + keepAliveNs + ", must be 0 or more");
        }
        this.keepAliveNs = keepAliveNs;
    }

    @Override
    @HotPath
    public long keepNs(int slot, FleetView fleet, long nowNs) {
        return keepAliveNs;
    }
}
