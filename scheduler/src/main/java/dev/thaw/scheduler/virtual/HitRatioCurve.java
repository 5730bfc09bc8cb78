package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.HotPath;
import java.util.Arrays;

/**
 * How many invocations would be warm with so much memory: FaasCache's hit-ratio curve (Fuerst and Sharma, ASPLOS 2021). An
 * invocation is, if the functions used since the last one of its own, this one included, fit it together: its reuse
 * distance in MiB. That is what keep-alive by LRU makes of a sequence in which each invocation has ended before the next
 * one comes; where several of a function are under way at the same time, more memory is needed.
 *
 * <p>An invocation costs O(log functions). Memory: some tens of bytes for each function, 8 for each MiB of all functions
 * together, up to 32 MB: where they are larger, distances are rounded up.
 */
public final class HitRatioCurve {
    /** No memory is enough. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int FEWEST_PLACES = 1_024;
    private static final int UNUSED = 0;
    private static final long MOST_DISTANCES = 4_000_000;

    private final int[] memoryMib;
    /** By function, the place of its last invocation, from 1; later ones have higher places. */
    private final int[] placeOf;

    private final int[] functionAt;
    /** A Fenwick tree of the memory at each place that is some function's last. */
    private final long[] tree;

    private int lastPlace;
    private long usedMib;
    private final long mibPerStep;
    private final long[] invocationsBySteps;
    private long invocations;
    private long first;

    /** By function, in MiB. */
    public HitRatioCurve(int[] memoryMib) {
        this.memoryMib = memoryMib.clone();
        int places = Math.max(FEWEST_PLACES, 2 * memoryMib.length);
        placeOf = new int[memoryMib.length];
        functionAt = new int[places + 1];
        tree = new long[places + 1];
        long allMib = Arrays.stream(memoryMib).asLongStream().sum();
        mibPerStep = Math.max(1, Math.ceilDiv(allMib, MOST_DISTANCES));
        invocationsBySteps = new long[Math.toIntExact(Math.ceilDiv(allMib, mibPerStep)) + 1];
    }

    /** The next invocation of the sequence. */
    @HotPath
    public void invoked(int functionId) {
        invocations++;
        int before = placeOf[functionId];
        if (before == UNUSED) {
            first++;
            usedMib += memoryMib[functionId];
        } else {
            long distanceMib = usedMib - sumBefore(before);
            invocationsBySteps[(int) ((distanceMib + mibPerStep - 1) / mibPerStep)]++;
            add(before, -memoryMib[functionId]);
        }
        if (lastPlace == functionAt.length - 1) {
            placeOf[functionId] = UNUSED;
            compact();
        }
        place(functionId);
    }

    @HotPath
    private void place(int functionId) {
        placeOf[functionId] = ++lastPlace;
        functionAt[lastPlace] = functionId;
        add(lastPlace, memoryMib[functionId]);
    }

    /** Gives the functions the lowest places, in the same order. */
    @HotPath
    private void compact() {
        Arrays.fill(tree, 0);
        int until = lastPlace;
        lastPlace = 0;
        for (int place = 1; place <= until; place++) {
            int functionId = functionAt[place];
            if (placeOf[functionId] == place) {
                place(functionId);
            }
        }
    }

    @HotPath
    private void add(int place, int mib) {
        for (int at = place; at < tree.length; at += at & -at) {
            tree[at] += mib;
        }
    }

    @HotPath
    private long sumBefore(int place) {
        long sum = 0;
        for (int at = place - 1; at > 0; at -= at & -at) {
            sum += tree[at];
        }
        return sum;
    }

    public long invocations() {
        return invocations;
    }

    /** First ones of their function: no memory keeps what never was. */
    public long first() {
        return first;
    }

    /** With so much memory. */
    public long hits(long mib) {
        long hits = 0;
        for (int steps = 0; steps <= Math.min(mib / mibPerStep, invocationsBySteps.length - 1); steps++) {
            hits += invocationsBySteps[steps];
        }
        return hits;
    }

    /** The least memory with so many hits, in MiB, or {@link #NEVER}. */
    public long smallestMib(long hits) {
        long sum = 0;
        for (int steps = 0; steps < invocationsBySteps.length; steps++) {
            sum += invocationsBySteps[steps];
            if (sum >= hits) {
                return steps * mibPerStep;
            }
        }
        return NEVER;
    }
}
