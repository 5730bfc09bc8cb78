package dev.thaw.loadgen.trace;

/** A distribution known by a few of its percentiles, straight between them: how In-Vitro reads Azure 2019's durations. */
final class Quantiles {
    private final double[] at;
    private final double[] values;

    /**
     * @param at shares, ascending from 0 to 1
     * @param values at those shares, not descending
     */
    Quantiles(double[] at, double[] values) {
        this.at = at;
        this.values = values;
    }

    static Quantiles constant(double value) {
        return new Quantiles(new double[] {0, 1}, new double[] {value, value});
    }

    /** The share of values up to {@code bound}. */
    double shareUpTo(double bound) {
        int last = at.length - 1;
        if (bound >= values[last]) {
            return 1;
        }
        int upper = 0;
        while (values[upper] <= bound) {
            upper++;
        }
        if (upper == 0) {
            return 0;
        }
        double part = (bound - values[upper - 1]) / (values[upper] - values[upper - 1]);
        return at[upper - 1] + part * (at[upper] - at[upper - 1]);
    }

    double value(double share) {
        int upper = 1;
        while (upper < at.length - 1 && share > at[upper]) {
            upper++;
        }
        double part = (share - at[upper - 1]) / (at[upper] - at[upper - 1]);
        return values[upper - 1] + part * (values[upper] - values[upper - 1]);
    }
}
