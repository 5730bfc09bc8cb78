package dev.thaw.results;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Latencies of the open interval by function. Values wait in one list linked by function and go through a single
 * histogram when the interval closes: thousands of functions cost no thousands of histograms.
 *
 * <p>Threading: one thread.
 */
final class FunctionIntervals {
    private static final int FIRST_CAPACITY = 1024;

    private final String[] tags;
    private final int[] heads;
    private long[] valuesNs = new long[FIRST_CAPACITY];
    private int[] next = new int[FIRST_CAPACITY];
    private int size;
    private final Histogram scratch = Latencies.growing();

    FunctionIntervals(List<RunPlan.RunFunction> functions) {
        tags = functions.stream()
                .map(function -> IntervalLog.tag(function.name()))
                .toArray(String[]::new);
        heads = new int[tags.length];
        Arrays.fill(heads, -1);
    }

    void add(int function, long latencyNs) {
        if (size == valuesNs.length) {
            valuesNs = Arrays.copyOf(valuesNs, size * 2);
            next = Arrays.copyOf(next, size * 2);
        }
        valuesNs[size] = latencyNs;
        next[size] = heads[function];
        heads[function] = size++;
    }

    void writeTo(IntervalLog log, long fromNs, long toNs) {
        if (size == 0) {
            return;
        }
        for (int function = 0; function < heads.length; function++) {
            for (int at = heads[function]; at >= 0; at = next[at]) {
                Latencies.record(scratch, valuesNs[at]);
            }
            heads[function] = -1;
            scratch.setTag(tags[function]);
            log.write(scratch, fromNs, toNs);
        }
        size = 0;
    }
}
