package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.QueueingPolicy;

/**
 * Who is expected to be at work for the shortest time is first; functions that nothing is known of come before all others.
 * Long ones may wait until they are refused.
 */
public final class ShortestExpectedQueueing implements QueueingPolicy {
    private final ExpectedWork work = new ExpectedWork();

    @Override
    public long rank(int functionId, FleetView fleet, long nowNs) {
        return work.ns(functionId);
    }

    @Override
    @HotPath
    public void onEnded(int functionId, long workNs) {
        work.add(functionId, workNs);
    }
}
