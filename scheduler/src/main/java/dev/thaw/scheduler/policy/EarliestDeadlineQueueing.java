package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.QueueingPolicy;

/**
 * Whose deadline is first is first: an invocation's is its function's timeout after its arrival, as if the time that it waits
 * counted too. Nobody waits for ever: who came long ago has an early deadline.
 */
public final class EarliestDeadlineQueueing implements QueueingPolicy {
    @Override
    public long rank(int functionId, FleetView fleet, long nowNs) {
        return nowNs + fleet.timeoutNsOf(functionId);
    }
}
