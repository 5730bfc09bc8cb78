package dev.thaw.cli.plan;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What any keep-alive must hold at least, even one that knows what comes: an invocation is warm only if an environment was
 * there from the last one of its function on, or longer. So hits cost memory times time, and so many hits at least the sum
 * of the cheapest ones. Starts ahead of invocations go round it.
 */
final class KeptMemory {
    private static final int DIGITS = 2;
    private static final long NS_PER_MS = 1_000_000;
    private static final long NEVER_BEFORE = -1;

    private final int[] memoryMib;
    private final long[] lastNs;
    private final Histogram mibMs = new Histogram(DIGITS);

    KeptMemory(int[] memoryMib) {
        this.memoryMib = memoryMib;
        lastNs = new long[memoryMib.length];
        Arrays.fill(lastNs, NEVER_BEFORE);
    }

    void invoked(int functionId, long atNs) {
        if (lastNs[functionId] != NEVER_BEFORE) {
            mibMs.recordValue(memoryMib[functionId] * ((atNs - lastNs[functionId]) / NS_PER_MS));
        }
        lastNs[functionId] = atNs;
    }

    /** Mean memory below which there cannot be so many hits in so long. */
    long leastMib(long hits, long durationNs) {
        double sum = 0;
        long left = hits;
        for (HistogramIterationValue each : mibMs.recordedValues()) {
            long taken = Math.min(left, each.getCountAtValueIteratedTo());
            sum += (double) taken * mibMs.lowestEquivalentValue(each.getValueIteratedTo());
            left -= taken;
        }
        return (long) Math.ceil(sum / Math.max(1, durationNs / NS_PER_MS));
    }
}
