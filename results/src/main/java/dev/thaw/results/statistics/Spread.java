package dev.thaw.results.statistics;

/**
 * How a figure's units spread, from leaving one of them out at a time: the variance of each side, and by how much
 * neighbours in time are alike.
 *
 * @param variances of the figure's logarithm by side; one where the sides are paired
 * @param alike the correlation of neighbours, and its powers that of units further apart: an autoregressive process of
 *     first order, which is what a block bootstrap's units are to each other where blocks are too short
 */
@SuppressWarnings("ArrayRecordComponent") // tables of numbers that nobody compares
record Spread(double[] variances, int[] sizes, double alike) {
    /** With more in so few units nothing is known of the whole. */
    private static final double MOST_ALIKE = 0.75;
    /**
     * Estimates from so few units that are alike are as likely too low, and cost more where they are: by this share of
     * its own an estimate is raised, so that intervals hold what they promise ({@code KnownAnswersTest}).
     */
    private static final double CAUTION = 0.8;

    /** Of both sides' {@link #leftOut}. */
    static Spread of(Design design, double[] ofA, double[] ofB) {
        double[][] series = {ofA, ofB};
        if (design.paired()) {
            double[] both = new double[ofA.length];
            for (int i = 0; i < both.length; i++) {
                both[i] = ofB[i] - ofA[i];
            }
            series = new double[][] {both};
        }
        double[] variances = new double[series.length];
        int[] sizes = new int[series.length];
        for (int s = 0; s < series.length; s++) {
            sizes[s] = series[s].length;
            variances[s] = squares(series[s]) * (sizes[s] - 1) / sizes[s];
        }
        return new Spread(variances, sizes, design.serial() ? alike(series) : 0);
    }

    /** The logarithm of the figure without each unit in turn, centred; zero where that is not known. */
    static double[] leftOut(Measure measure, int from, int to, int units) {
        int[] weights = new int[units];
        java.util.Arrays.fill(weights, from, to, 1);
        double[] logs = new double[to - from];
        double sum = 0;
        int known = 0;
        for (int unit = from; unit < to; unit++) {
            weights[unit] = 0;
            double log = Math.log(measure.of(weights));
            weights[unit] = 1;
            logs[unit - from] = Double.isFinite(log) ? log : Double.NaN;
            sum += Double.isFinite(log) ? log : 0;
            known += Double.isFinite(log) ? 1 : 0;
        }
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Double.isNaN(logs[i]) ? 0 : logs[i] - sum / known;
        }
        return logs;
    }

    private static double alike(double[][] series) {
        double products = 0;
        double squares = 0;
        int length = Integer.MAX_VALUE;
        for (double[] each : series) {
            length = Math.min(length, each.length);
            squares += squares(each);
            for (int i = 1; i < each.length; i++) {
                products += each[i] * each[i - 1];
            }
        }
        if (squares == 0) {
            return 0;
        }
        double correlation = products / squares;
        correlation += (1 + 4 * correlation) / length; // what centring takes away (Marriott and Pope 1954)
        return Math.clamp(correlation * (1 + CAUTION * Math.max(0, correlation)), 0, MOST_ALIKE);
    }

    /** The standard deviation of a sum of these units over that of independent ones, at least 1. */
    double dependence() {
        return Math.sqrt((1 + alike) / (1 - alike));
    }

    /**
     * By how much a deviation as the units show it must be stretched to be that of their sum: they are alike, and few
     * units, the more alike the fewer, spread less about their own mean than about the true one.
     */
    double stretch(int units) {
        double variance = dependence() * dependence();
        return Math.sqrt(variance * units / (units - Math.min(variance, units / 2.0)));
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    /** Of the difference of both sides' logarithms (Welch and Satterthwaite); units that are alike tell less of it. */
    double degreesOfFreedom() {
        double sum = 0;
        double below = 0;
        for (int s = 0; s < variances.length; s++) {
            sum += variances[s];
            below += variances[s] * variances[s] / Math.max(1, sizes[s] - 1);
        }
        double independent = below > 0 ? sum * sum / below : sizes[0] - 1;
        return Math.max(1, independent * (1 - alike * alike) / (1 + alike * alike));
    }
}
