package dev.thaw.results.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * The median of independent values, and an interval that holds the true median with a confidence of at least 95 %,
 * whatever the values' distribution: between two of the values themselves, chosen by the binomial distribution of how
 * many lie below the median. Fewer than six values allow no such interval.
 *
 * @param low not a number where there is no interval, like {@code high}
 */
public record MedianInterval(double median, double low, double high, int count) {
    private static final double HALF_OF_5_PERCENT = 0.025;

    /** Of at least one value. */
    public static MedianInterval of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        int cut = cutOff(n);
        return cut < 0
                ? new MedianInterval(median, Double.NaN, Double.NaN, n)
                : new MedianInterval(median, sorted[cut], sorted[n - 1 - cut], n);
    }

    /** Of the quotients of what was measured in the same round. */
    public static MedianInterval ofRatios(List<Double> values, List<Double> bases) {
        if (values.size() != bases.size()) {
            throw new IllegalArgumentException(
                    "ratios: " + values.size() + " values and " + bases.size() + " bases, must be as many");
        }
        Double[] ratios = new Double[values.size()];
        Arrays.setAll(ratios, i -> values.get(i) / bases.get(i));
        return of(List.of(ratios));
    }

    /** How many values at either end lie outside; -1: even all of them would be too narrow. */
    private static int cutOff(int n) {
        double probability = Math.pow(0.5, n); // that exactly k of n lie below the median
        double below = probability;
        int k = 0;
        if (below > HALF_OF_5_PERCENT) {
            return -1;
        }
        while (true) {
            probability *= (double) (n - k) / (k + 1);
            if (below + probability > HALF_OF_5_PERCENT) {
                return k;
            }
            below += probability;
            k++;
        }
    }
}
