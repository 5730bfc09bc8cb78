package dev.thaw.results.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * The values of all units, in one table of how many of each unit's are at most so large. A percentile of any weighting
 * of the units is then a search in it, whose cost does not depend on how many values there are.
 *
 * <p>Threading: immutable.
 */
public final class PooledValues {
    /** Keeps a product that is a whole number in exact arithmetic from being taken for the next one. */
    private static final double ROUNDING = 1e-9;

    /** An interval needs so many values beyond: the spread of fewer is not to be had from drawing them again. */
    private static final double MIN_BEYOND = 10;

    private final int units;
    private final double[] values;
    private final int[] cumulative;
    private final long[] counts;

    private PooledValues(int units, double[] values, int[] cumulative, long[] counts) {
        this.units = units;
        this.values = values;
        this.cumulative = cumulative;
        this.counts = counts;
    }

    /**
     * A unit's values, ascending, and how often each was seen.
     */
    @SuppressWarnings("ArrayRecordComponent") // tables of numbers that nobody compares
    public record Unit(double[] values, long[] counts) {
        /** Of single values in any order. */
        public static Unit of(double... values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            long[] ones = new long[sorted.length];
            Arrays.fill(ones, 1);
            return new Unit(sorted, ones);
        }
    }

    public static PooledValues of(List<Unit> units) {
        double[] values = units.stream()
                .flatMapToDouble(unit -> Arrays.stream(unit.values))
                .sorted()
                .distinct()
                .toArray();
        int[] cumulative = new int[values.length * units.size()];
        long[] counts = new long[units.size()];
        for (int u = 0; u < units.size(); u++) {
            Unit unit = units.get(u);
            int next = 0;
            for (int v = 0; v < values.length; v++) {
                while (next < unit.values.length && unit.values[next] <= values[v]) {
                    counts[u] += unit.counts[next++];
                }
                cumulative[v * units.size() + u] = Math.toIntExact(counts[u]);
            }
        }
        return new PooledValues(units.size(), values, cumulative, counts);
    }

    /**
     * So many values are enough for the interval of a percentile.
     *
     * @param beyond the share that lies beyond the percentile
     */
    public static boolean hasInterval(long count, double beyond) {
        return count * beyond >= MIN_BEYOND - ROUNDING;
    }

    /** The fewest values that are. */
    public static long leastForInterval(double beyond) {
        return (long) Math.ceil(MIN_BEYOND / beyond - ROUNDING);
    }

    /** How many values the units from {@code from} to before {@code to} hold. */
    public long count(int from, int to) {
        return Arrays.stream(counts, from, to).sum();
    }

    /** The smallest value that at least this share of all values does not exceed. */
    public Measure quantile(double share) {
        return weights -> quantile(weights, share);
    }

    private double quantile(int[] weights, double share) {
        long total = 0;
        for (int unit = 0; unit < units; unit++) {
            total += weights[unit] * counts[unit];
        }
        if (total == 0) {
            return Double.NaN;
        }
        long rank = Math.max(1, (long) Math.ceil(share * total - ROUNDING));
        int low = 0;
        int high = values.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (atMost(middle, weights) >= rank) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return values[low];
    }

    private long atMost(int value, int[] weights) {
        long sum = 0;
        int row = value * units;
        for (int unit = 0; unit < units; unit++) {
            sum += (long) weights[unit] * cumulative[row + unit];
        }
        return sum;
    }
}
