package dev.thaw.results.statistics;

import java.util.Arrays;
import java.util.List;

/** A figure of units as a function of how often each of them counts: a percentile, a mean, a rate, a maximum. */
@FunctionalInterface
public interface Measure {
    /** Not a number where the units that count hold nothing. */
    double of(int[] weights);

    /** A sum over a sum: a mean, a rate, a throughput. */
    static Measure quotient(double[] numerators, double[] denominators) {
        return weights -> {
            double above = 0;
            double below = 0;
            for (int unit = 0; unit < weights.length; unit++) {
                above += weights[unit] * numerators[unit];
                below += weights[unit] * denominators[unit];
            }
            return below == 0 ? Double.NaN : above / below;
        };
    }

    /** The largest of the units that count; an empty unit is not a number. */
    static Measure maximum(double[] maxima) {
        return weights -> {
            double most = Double.NaN;
            for (int unit = 0; unit < weights.length; unit++) {
                if (weights[unit] > 0 && !(maxima[unit] <= most) && !Double.isNaN(maxima[unit])) {
                    most = maxima[unit];
                }
            }
            return most;
        };
    }

    /** The geometric mean of measures of the same units. */
    static Measure geometricMean(List<Measure> measures) {
        return weights -> {
            double logs = 0;
            for (Measure measure : measures) {
                logs += Math.log(measure.of(weights));
            }
            return Math.exp(logs / measures.size());
        };
    }

    /** Of the units from {@code from} to before {@code to}, each once, of so many. */
    default double ofRange(int from, int to, int units) {
        int[] weights = new int[units];
        Arrays.fill(weights, from, to, 1);
        return of(weights);
    }
}
