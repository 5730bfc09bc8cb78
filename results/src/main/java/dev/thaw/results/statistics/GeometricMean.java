package dev.thaw.results.statistics;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The geometric mean of paired ratios, one of each function or cell: interval by drawing pairs again, test by turning
 * pairs round.
 */
public final class GeometricMean {
    private static final double OUTER = (1 - RatioEstimate.CONFIDENCE) / 2;
    private static final int MIN_PAIRS = 4;

    private GeometricMean() {}

    /** Of at least one ratio, each above zero. */
    public static RatioEstimate of(double[] ratios, int draws, int exchanges, long seed) {
        double[] logs = Arrays.stream(ratios).map(Math::log).toArray();
        int n = logs.length;
        double mean = Arrays.stream(logs).average().orElse(Double.NaN);
        double low = Double.NaN;
        double high = Double.NaN;
        double standardError = Double.NaN;
        if (n >= MIN_PAIRS) {
            double[] means = drawn(logs, draws, seed);
            double few = Math.sqrt(n / (n - 1.0));
            double stretch = few
                    * TDistribution.of(n - 1.0).inverseSurvivalProbability(OUTER)
                    / NormalDistribution.of(0, 1).inverseSurvivalProbability(OUTER);
            low = Math.exp(mean + stretch * (RatioTest.quantile(means, OUTER) - mean));
            high = Math.exp(mean + stretch * (RatioTest.quantile(means, 1 - OUTER) - mean));
            double squares = Arrays.stream(logs)
                    .map(each -> (each - mean) * (each - mean))
                    .sum();
            standardError = Math.sqrt(squares / (n - 1.0) / n);
        }
        double p = p(logs, Math.abs(mean), exchanges, seed);
        double smallestP = Math.max(Math.min(1, Math.pow(0.5, n - 1.0)), 1.0 / (exchanges + 1));
        return new RatioEstimate(
                Double.NaN,
                Double.NaN,
                Math.exp(mean),
                low,
                high,
                Math.max(p, RatioTest.p(mean, standardError, Math.max(1, n - 1.0))),
                standardError,
                Math.max(1, n - 1.0),
                smallestP);
    }

    private static double[] drawn(double[] logs, int draws, long seed) {
        UniformRandomProvider random = Design.random(seed);
        double[] means = new double[draws];
        for (int i = 0; i < draws; i++) {
            double sum = 0;
            for (int j = 0; j < logs.length; j++) {
                sum += logs[random.nextInt(logs.length)];
            }
            means[i] = sum / logs.length;
        }
        Arrays.sort(means);
        return means;
    }

    private static double p(double[] logs, double observed, int exchanges, long seed) {
        UniformRandomProvider random = Design.random(~seed);
        int asFar = 1;
        for (int i = 0; i < exchanges; i++) {
            double sum = 0;
            for (double log : logs) {
                sum += random.nextBoolean() ? log : -log;
            }
            asFar += Math.abs(sum / logs.length) < observed - 1e-12 ? 0 : 1;
        }
        return asFar / (exchanges + 1.0);
    }
}
