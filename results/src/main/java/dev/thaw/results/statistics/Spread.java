package dev.thaw.results.statistics;

/**
 * How a figure's units spread, from leaving one of them out at a time: the variance of each side, and by how much
 * neighbours in time are alike.
 *
 * @param variances of the figure's logarithm by side; one where the sides are paired
 * @param dependence the standard deviation of a sum of these units over that of independent ones, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // tables of numbers that nobody compares
record Spread(double[] variances, int[] sizes, double dependence) {
    private static final double MOST_CORRELATION = 0.5; // of neighbours, where others are not alike

    static Spread of(Design design, Measure measure) {
        double[] ofA = leftOut(measure, 0, design.a(), design.units());
        double[] ofB = leftOut(measure, design.a(), design.units(), design.units());
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
        return new Spread(variances, sizes, design.serial() ? dependence(series) : 1);
    }

    /** The logarithm of the figure without each unit in turn, centred; zero where that is not known. */
    private static double[] leftOut(Measure measure, int from, int to, int units) {
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

    private static double dependence(double[][] series) {
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
            return 1;
        }
        double correlation = products / squares;
        correlation += (1 + 4 * correlation) / length; // what centring takes away (Marriott and Pope 1954)
        double alike = Math.clamp(correlation, 0, MOST_CORRELATION);
        return Math.sqrt(1 + 2 * alike + 2 * alike * alike); // with the next unit, and the one after it
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    /** Of the difference of both sides' logarithms (Welch and Satterthwaite). */
    double degreesOfFreedom() {
        double sum = 0;
        double below = 0;
        for (int s = 0; s < variances.length; s++) {
            sum += variances[s];
            below += variances[s] * variances[s] / Math.max(1, sizes[s] - 1);
        }
        return below > 0 ? Math.max(1, sum * sum / below) : Math.max(1, sizes[0] - 1);
    }
}
