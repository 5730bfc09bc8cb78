package dev.thaw.results.statistics;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * All factors between two sides' maxima that the permutation test does not reject at 5 %: B's logarithms are moved back
 * by a shift, and the shift belongs to the interval while the units then look exchangeable.
 *
 * <p>Threading: one thread.
 */
final class ShiftInterval {
    private static final double LEVEL = 1 - RatioEstimate.CONFIDENCE;
    private static final double FURTHEST = Math.log(1e6);
    private static final int HALVINGS = 20;

    private final Design design;
    private final double[] logs;
    private final int exchanges;
    private final long seed;
    private final double low;
    private final double high;

    ShiftInterval(Design design, double[] logs, int exchanges, long seed) {
        this.design = design;
        this.logs = logs;
        this.exchanges = Math.min(exchanges, 1999);
        this.seed = seed;
        double observed = most(logs, design.a(), design.units()) - most(logs, 0, design.a());
        low = end(observed, -1);
        high = end(observed, 1);
    }

    double low() {
        return low;
    }

    double high() {
        return high;
    }

    /** Infinite where no shift is far enough. */
    private double end(double observed, int direction) {
        double inside = observed;
        double outside = observed + direction * FURTHEST;
        if (p(outside) >= LEVEL) {
            return direction * Double.POSITIVE_INFINITY;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (inside + outside) / 2;
            if (p(middle) < LEVEL) {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        return outside;
    }

    private double p(double shift) {
        double[] moved = logs.clone();
        for (int unit = design.a(); unit < moved.length; unit++) {
            moved[unit] -= shift;
        }
        Measure maximum = Measure.maximum(moved);
        double observed = Math.abs(most(moved, design.a(), moved.length) - most(moved, 0, design.a()));
        UniformRandomProvider random = Design.random(seed);
        int[] weightsA = new int[moved.length];
        int[] weightsB = new int[moved.length];
        int asFar = 1;
        for (int i = 0; i < exchanges; i++) {
            design.exchange(random, weightsA, weightsB);
            asFar += Math.abs(maximum.of(weightsB) - maximum.of(weightsA)) < observed - 1e-12 ? 0 : 1;
        }
        return asFar / (exchanges + 1.0);
    }

    private static double most(double[] values, int from, int to) {
        return Arrays.stream(values, from, to)
                .filter(each -> !Double.isNaN(each))
                .max()
                .orElse(Double.NaN);
    }
}
