package dev.thaw.results.pauses;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How long threads may have been without a processor at a time that somebody asks for: at most.
 *
 * <p>Threading: immutable.
 */
public final class CpuWaits {
    /** By their ends. */
    private final CpuWait[] waits;

    private final long longestNs;

    private CpuWaits(CpuWait[] waits, long longestNs) {
        this.waits = waits;
        this.longestNs = longestNs;
    }

    public static CpuWaits of(List<CpuWait> waits) {
        CpuWait[] byEnd =
                waits.stream().sorted(Comparator.comparingLong(CpuWait::toNs)).toArray(CpuWait[]::new);
        return new CpuWaits(
                byEnd,
                Arrays.stream(byEnd)
                        .mapToLong(each -> each.toNs() - each.fromNs())
                        .max()
                        .orElse(0));
    }

    /** Where in its stretch a thread waited nobody knows: as much of it counts as fits into the time between the two. */
    public long within(long startNs, long endNs) {
        long sumNs = 0;
        for (int i = firstEndingAfter(startNs); i < waits.length && waits[i].toNs() - longestNs < endNs; i++) {
            long commonNs = Math.min(endNs, waits[i].toNs()) - Math.max(startNs, waits[i].fromNs());
            sumNs += Math.max(0, Math.min(commonNs, waits[i].waitedNs()));
        }
        return Math.min(sumNs, Math.max(0, endNs - startNs));
    }

    private int firstEndingAfter(long startNs) {
        int low = 0;
        int high = waits.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (waits[middle].toNs() > startNs) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
