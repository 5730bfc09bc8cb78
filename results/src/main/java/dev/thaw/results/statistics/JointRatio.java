package dev.thaw.results.statistics;

import java.util.Arrays;

/**
 * The geometric mean of several ratios of the same units, such as those of all functions of the same runs. What befalls a
 * unit befalls all of them: the luck of a start, a slow stretch of the host. So they are drawn and exchanged together, and
 * are no more evidence than the units are, however many there are.
 *
 * <p>The tests of the single ratios fill it ({@link RatioTest#within}); all must be of the same design and the same seed.
 * Where a ratio is not known in a draw, the mean is that of the others.
 *
 * <p>Threading: one thread.
 */
public final class JointRatio {
    private final Design design;
    private final Means drawn;
    private final Means exchanged;
    private final double[] leftOutOfA;
    private final double[] leftOutOfB;
    private double logs;
    private int ratios;

    /** Means of what came so far, by draw. */
    private static final class Means {
        private final double[] sums;
        private final int[] counts;

        Means(int draws) {
            sums = new double[draws];
            counts = new int[draws];
        }

        void add(int draw, double log) {
            if (Double.isFinite(log)) {
                sums[draw] += log;
                counts[draw]++;
            }
        }

        /** Not a number where nothing is known. */
        double[] values() {
            double[] means = new double[sums.length];
            Arrays.setAll(means, draw -> sums[draw] / counts[draw]);
            return means;
        }
    }

    public JointRatio(Design design, int draws, int exchanges) {
        this.design = design;
        drawn = new Means(draws);
        exchanged = new Means(exchanges);
        leftOutOfA = new double[design.a()];
        leftOutOfB = new double[design.b()];
    }

    public Design design() {
        return design;
    }

    /** Another ratio, whose draws and exchanges follow. */
    void add(double log, double[] ofA, double[] ofB) {
        logs += log;
        ratios++;
        Arrays.setAll(leftOutOfA, unit -> leftOutOfA[unit] + ofA[unit]);
        Arrays.setAll(leftOutOfB, unit -> leftOutOfB[unit] + ofB[unit]);
    }

    void addDrawn(int draw, double log) {
        drawn.add(draw, log);
    }

    void addExchanged(int exchange, double log) {
        exchanged.add(exchange, log);
    }

    /** Of at least one ratio. */
    public RatioEstimate estimate() {
        double log = logs / ratios;
        double[] means = exchanged.values();
        long asFar = 1; // the sides as they are
        for (double mean : means) {
            asFar += RatioTest.isNearer(mean, Math.abs(log)) ? 0 : 1;
        }
        double[] replicates = Arrays.stream(drawn.values())
                .filter(mean -> !Double.isNaN(mean))
                .sorted()
                .toArray();
        return new RatioTest(design, drawn.sums.length, means.length, 0)
                .estimate(
                        Double.NaN,
                        Double.NaN,
                        log,
                        Spread.of(design, leftOutOfA, leftOutOfB),
                        replicates,
                        asFar / (means.length + 1.0));
    }
}
