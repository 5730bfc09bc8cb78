package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.QueueingPolicy;

/** Who came first is first. */
public final class FifoQueueing implements QueueingPolicy {
    @Override
    public long rank(int functionId, FleetView fleet, long nowNs) {
        return 0;
    }
}
