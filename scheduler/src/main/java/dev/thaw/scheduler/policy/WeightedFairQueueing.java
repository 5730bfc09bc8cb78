package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.QueueingPolicy;
import java.util.Arrays;
import java.util.Map;

/**
 * Shares room between functions by weight, as start-time fair queueing shares a link (Goyal, Vin and Cheng, SIGCOMM 1996): a
 * function's invocations are as far apart in rank as the work that is expected of each, divided by the weight, and who has
 * not waited for long begins where the line is now. So a function that floods the line delays itself.
 */
public final class WeightedFairQueueing implements QueueingPolicy {
    private static final int FIRST_CAPACITY = 64;
    /** What an invocation that nothing is known of, or that takes no time, counts. */
    private static final long LEAST_WORK_NS = 1_000;

    private final ExpectedWork work = new ExpectedWork();
    private final Map<String, Integer> weightsByName;
    /** By function; a weight of 0 is not looked up yet. */
    private int[] weights = new int[0];

    private long[] nextRanks = new long[0];
    private long lineRank;

    /**
     * Copies the weights.
     *
     * @param weightsByName 1 or more, by unqualified name; 1 for all others
     */
    public WeightedFairQueueing(Map<String, Integer> weightsByName) {
        this.weightsByName = Map.copyOf(weightsByName);
        weightsByName.forEach((name, weight) -> {
            if (weight < 1) {
                throw new IllegalArgumentException("weight of " + name + " is " + weight + ", must be 1 or more");
            }
        });
    }

    @Override
    public long rank(int functionId, FleetView fleet, long nowNs) {
        if (functionId >= weights.length) {
            int capacity = Math.max(FIRST_CAPACITY, functionId * 2);
            weights = Arrays.copyOf(weights, capacity);
            nextRanks = Arrays.copyOf(nextRanks, capacity);
        }
        if (weights[functionId] == 0) {
            weights[functionId] = weightsByName.getOrDefault(fleet.nameOf(functionId), 1);
        }
        long rank = Math.max(lineRank, nextRanks[functionId]);
        long costNs = Math.max(LEAST_WORK_NS, work.ns(functionId));
        nextRanks[functionId] = rank + Math.max(1, costNs / weights[functionId]);
        return rank;
    }

    @Override
    public void onRoom(int functionId, long rank) {
        lineRank = Math.max(lineRank, rank);
    }

    @Override
    @HotPath
    public void onEnded(int functionId, long workNs) {
        work.add(functionId, workNs);
    }
}
