package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.KeepAlivePolicy;
import dev.thaw.scheduler.core.SlotHeap;
import java.util.Arrays;

/**
 * Keep-alive as caching: environments stay until their room is needed, and the one of least priority goes first,
 * {@code clock + frequency * cost / size} (greedy-dual, size and frequency; Fuerst and Sharma, FaasCache, ASPLOS 2021).
 * The clock is the highest priority that went from the host so far, as it was when the environment was last used: each
 * server of FaasCache has its own, and what one host had to let go says nothing of another's. Frequency counts the
 * function's invocations on all hosts since it last had no environment; cost is how long its starts take, as measured, their weighted
 * mean; size is its memory. Of equals the least recently used goes first.
 *
 * <p>An environment's place is only brought up to date when it is looked at: priorities never fall, so the least one that a
 * heap knows is no more than the least there is. So use costs O(1), and eviction O(log n).
 */
public final class GreedyDualKeepAlive implements KeepAlivePolicy {
    private static final int FIRST_CAPACITY = 64;
    /** Each start moves the mean by an eighth. */
    private static final int COST_SHIFT = 3;

    private final SlotHeap.Places places = new SlotHeap.Places();
    /** By host. */
    private SlotHeap[] heaps = new SlotHeap[0];

    private double[] clocks = new double[0];
    /** By slot. */
    private double[] priorities = new double[0];

    private long[] turns = new long[0];
    /** By function. */
    private long[] frequencies = new long[0];

    private long[] costsNs = new long[0];
    private long turn;

    @Override
    @HotPath
    public void onArrival(int functionId, FleetView fleet, long nowNs) {
        if (functionId >= frequencies.length) {
            slowAddFunctions(functionId);
        }
        frequencies[functionId]++;
    }

    @Override
    @HotPath
    public long keepNs(int slot, FleetView fleet, long nowNs) {
        int functionId = fleet.functionOf(slot);
        int hostId = fleet.hostOf(slot);
        if (slot >= priorities.length || hostId >= heaps.length || functionId >= frequencies.length) {
            slowAdd(slot, hostId, functionId);
        }
        double worth = (double) frequencies[functionId] * costsNs[functionId];
        priorities[slot] = clocks[hostId] + worth / fleet.memoryMibOf(functionId);
        turns[slot] = turn++;
        long key = keyOf(slot);
        if (key < heaps[hostId].keyOf(slot)) {
            heaps[hostId].set(slot, key, turns[slot]);
        }
        return FOR_EVER;
    }

    @Override
    public void onStarted(int slot, FleetView fleet, long tookNs) {
        int functionId = fleet.functionOf(slot);
        if (functionId >= costsNs.length) {
            slowAddFunctions(functionId);
        }
        long before = costsNs[functionId];
        costsNs[functionId] = before == 0 ? tookNs : before + ((tookNs - before) >> COST_SHIFT);
    }

    @Override
    public void onGone(int slot, FleetView fleet) {
        int functionId = fleet.functionOf(slot);
        int hostId = fleet.hostOf(slot);
        if (slot < priorities.length && hostId < heaps.length) {
            heaps[hostId].remove(slot);
        }
        if (functionId < frequencies.length && fleet.environmentsOf(functionId) == 1) {
            frequencies[functionId] = 0;
        }
    }

    @Override
    public int chooseVictim(int hostId, FleetView fleet, long nowNs) {
        if (hostId >= heaps.length) {
            return NONE;
        }
        SlotHeap heap = heaps[hostId];
        while (heap.first() != NONE && !isLeast(heap, fleet)) {
            // the next one is looked at
        }
        int victim = heap.first();
        if (victim != NONE) {
            clocks[hostId] = Math.max(clocks[hostId], priorities[victim]);
        }
        return victim;
    }

    /** The first of the heap is evictable and its place is up to date; brings it up to date otherwise. */
    private boolean isLeast(SlotHeap heap, FleetView fleet) {
        int slot = heap.first();
        if (!fleet.isEvictable(slot)) {
            heap.remove(slot);
            return false;
        }
        if (heap.firstKey() == keyOf(slot) && heap.firstTurn() == turns[slot]) {
            return true;
        }
        heap.set(slot, keyOf(slot), turns[slot]);
        return false;
    }

    /** Bits of a number that is not negative have its order. */
    @HotPath
    private long keyOf(int slot) {
        return Double.doubleToRawLongBits(priorities[slot]);
    }

    private void slowAdd(int slot, int hostId, int functionId) {
        slowAddFunctions(functionId);
        if (slot >= priorities.length) {
            int capacity = Math.max(FIRST_CAPACITY, slot * 2);
            priorities = Arrays.copyOf(priorities, capacity);
            turns = Arrays.copyOf(turns, capacity);
            places.ensureSlot(capacity - 1);
        }
        int from = heaps.length;
        if (hostId >= from) {
            clocks = Arrays.copyOf(clocks, hostId + 1);
            heaps = Arrays.copyOf(heaps, hostId + 1);
            Arrays.setAll(heaps, host -> host < from ? heaps[host] : new SlotHeap(places));
        }
    }

    private void slowAddFunctions(int functionId) {
        if (functionId >= frequencies.length) {
            int capacity = Math.max(FIRST_CAPACITY, functionId * 2);
            frequencies = Arrays.copyOf(frequencies, capacity);
            costsNs = Arrays.copyOf(costsNs, capacity);
        }
    }
}
