package dev.thaw.results.compare;

import dev.thaw.results.statistics.PooledValues;
import java.util.Arrays;

/**
 * Values of one unit as they come, with a resolution of three significant digits: as that of the histograms. Takes as
 * much memory as it has values: thousands of functions cost no thousands of histograms.
 *
 * <p>Threading: one thread.
 */
final class ValueList {
    private static final int SIGNIFICANT_BITS = 11;

    private long[] values = new long[4];
    private long[] counts = {};
    private int size;

    void add(long value, long count) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
            counts = counts.length == 0 ? counts : Arrays.copyOf(counts, size * 2);
        }
        if (count != 1 && counts.length == 0) {
            counts = new long[values.length];
            Arrays.fill(counts, 0, size, 1);
        }
        values[size] = highestEquivalent(value);
        if (counts.length > 0) {
            counts[size] = count;
        }
        size++;
    }

    /** The largest value that cannot be told from this one, as a percentile is told. */
    private static long highestEquivalent(long value) {
        int bits = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - SIGNIFICANT_BITS);
        return value | ((1L << bits) - 1);
    }

    /** Ascending, each value once, in other units: divided by {@code scale}. */
    PooledValues.Unit unit(double scale) {
        long[] sorted = Arrays.copyOf(values, size);
        long[] sortedCounts = new long[size];
        if (counts.length == 0) {
            Arrays.sort(sorted);
            Arrays.fill(sortedCounts, 1);
        } else {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (x, y) -> Long.compare(values[x], values[y]));
            for (int i = 0; i < size; i++) {
                sorted[i] = values[order[i]];
                sortedCounts[i] = counts[order[i]];
            }
        }
        return merged(sorted, sortedCounts, scale);
    }

    private static PooledValues.Unit merged(long[] sorted, long[] counts, double scale) {
        double[] values = new double[sorted.length];
        long[] merged = new long[sorted.length];
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                merged[distinct - 1] += counts[i];
            } else {
                values[distinct] = sorted[i] / scale;
                merged[distinct++] = counts[i];
            }
        }
        return new PooledValues.Unit(Arrays.copyOf(values, distinct), Arrays.copyOf(merged, distinct));
    }
}
