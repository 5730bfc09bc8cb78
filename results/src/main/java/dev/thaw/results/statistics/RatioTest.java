package dev.thaw.results.statistics;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Compares a figure of two sides: an interval of the ratio by drawing units again (a block bootstrap, as a unit is a
 * stretch of time), and a test by exchanging them between the sides.
 *
 * <p>Few units spread less than what they stand for: the interval is stretched about the ratio by what the t
 * distribution and the missing degree of freedom ask for (as T. Hesterberg has it, 2015), and by the likeness of
 * neighbours that longer units did not take away.
 *
 * <p>Exchanging units assumes no shape of what they hold, but that they are independent; so p is the larger of what it
 * gives and what the t distribution gives with the interval's standard error, which knows of the likeness.
 *
 * <p>Threading: one thread.
 */
public final class RatioTest {
    private static final double OUTER = (1 - RatioEstimate.CONFIDENCE) / 2;
    private static final double NORMAL = NormalDistribution.of(0, 1).inverseSurvivalProbability(OUTER);
    /** An interval needs so many units on either side, */
    private static final int MIN_UNITS = 4;
    /** and a figure in so many of the draws. */
    private static final double MIN_KNOWN_DRAWS = 0.95;
    /** A difference of rounding is none. */
    private static final double EQUAL = 1e-12;
    /** So many exchanges that are as far tell p to about a third. */
    private static final int FEW = 10;

    private final Design design;
    private final int draws;
    private final int exchanges;
    private final int furthest;
    private final long seed;
    private final @Nullable JointRatio joint;

    public RatioTest(Design design, int draws, int exchanges, long seed) {
        this(design, draws, exchanges, exchanges, seed, null);
    }

    private RatioTest(Design design, int draws, int exchanges, int furthest, long seed, @Nullable JointRatio joint) {
        this.design = design;
        this.draws = draws;
        this.exchanges = exchanges;
        this.furthest = furthest;
        this.seed = seed;
        this.joint = joint;
    }

    /** The same test, of a figure whose draws count for others of the same units too. */
    public RatioTest within(JointRatio all) {
        return new RatioTest(design, draws, exchanges, furthest, seed, all);
    }

    /**
     * The same test, which goes on up to so many exchanges while hardly any was as far as the sides are: p of many rows has
     * to be told more finely than others (Besag and Clifford, 1991).
     */
    public RatioTest upTo(int most) {
        return new RatioTest(design, draws, exchanges, Math.max(exchanges, most), seed, joint);
    }

    /** The measure is of all units, A's first. */
    public RatioEstimate of(Measure measure) {
        return of(measure, true);
    }

    /** Of a maximum: drawing again never gives a larger one, so its interval comes from the test. */
    public RatioEstimate ofMaximum(double[] maxima) {
        RatioEstimate tested = of(Measure.maximum(maxima), false);
        if (!Double.isFinite(tested.ratio()) || tested.smallestP() > 2 * OUTER) {
            return tested;
        }
        double[] logs = Arrays.stream(maxima).map(Math::log).toArray();
        ShiftInterval interval = new ShiftInterval(design, logs, exchanges, seed);
        return new RatioEstimate(
                tested.a(),
                tested.b(),
                tested.ratio(),
                Math.exp(interval.low()),
                Math.exp(interval.high()),
                tested.p(),
                Double.NaN,
                tested.degreesOfFreedom(),
                tested.smallestP());
    }

    private RatioEstimate of(Measure measure, boolean drawing) {
        double a = measure.ofRange(0, design.a(), design.units());
        double b = measure.ofRange(design.a(), design.units(), design.units());
        double log = logRatio(a, b);
        double[] ofA = Spread.leftOut(measure, 0, design.a(), design.units());
        double[] ofB = Spread.leftOut(measure, design.a(), design.units(), design.units());
        JointRatio all = drawing && Double.isFinite(log) ? joint : null;
        if (all != null) {
            all.add(log, ofA, ofB);
        }
        double p = Double.isNaN(log) ? Double.NaN : p(measure, Math.abs(log), all);
        double[] replicates = drawing && Double.isFinite(log) ? replicates(measure, all) : new double[0];
        return estimate(a, b, log, Spread.of(design, ofA, ofB), replicates, p);
    }

    /**
     * What draws and exchanges say.
     *
     * @param replicates of the ratio's logarithm, ascending; none where there is to be no interval
     * @param exchanged p of the exchanges alone
     */
    RatioEstimate estimate(double a, double b, double log, Spread spread, double[] replicates, double exchanged) {
        double low = Double.NaN;
        double high = Double.NaN;
        double standardError = Double.NaN;
        double p = exchanged;
        if (design.smallerSide() >= MIN_UNITS && replicates.length >= MIN_KNOWN_DRAWS * draws) {
            double few = spread.stretch(design.smallerSide());
            double stretch =
                    few * TDistribution.of(spread.degreesOfFreedom()).inverseSurvivalProbability(OUTER) / NORMAL;
            low = Math.exp(log + stretch * (quantile(replicates, OUTER) - log));
            high = Math.exp(log + stretch * (quantile(replicates, 1 - OUTER) - log));
            standardError = few * standardDeviation(replicates);
            p = Math.max(p, p(log, standardError, spread.degreesOfFreedom()));
        }
        double smallestP = Math.max(design.smallestP(), 1.0 / (furthest + 1));
        return new RatioEstimate(a, b, ratio(log), low, high, p, standardError, spread.degreesOfFreedom(), smallestP);
    }

    /** Two-sided, of the t distribution; nothing is less likely than exchanging can show where there is no spread. */
    static double p(double log, double standardError, double degreesOfFreedom) {
        return standardError > 0 && Double.isFinite(standardError)
                ? 2 * TDistribution.of(degreesOfFreedom).survivalProbability(Math.abs(log) / standardError)
                : 0;
    }

    private static double ratio(double log) {
        return Double.isFinite(log) ? Math.exp(log) : Double.NaN;
    }

    /** Infinite where one of them alone is zero, zero where both are. */
    static double logRatio(double a, double b) {
        return a == b ? 0 : Math.log(b / a);
    }

    /** Ascending; only those in which both sides had a figure. */
    private double[] replicates(Measure measure, @Nullable JointRatio all) {
        UniformRandomProvider random = Design.random(seed);
        int[] weightsA = new int[design.units()];
        int[] weightsB = new int[design.units()];
        double[] logs = new double[draws];
        int known = 0;
        for (int i = 0; i < draws; i++) {
            design.draw(random, weightsA, weightsB);
            double log = logRatio(measure.of(weightsA), measure.of(weightsB));
            if (all != null) {
                all.addDrawn(i, log);
            }
            if (!Double.isNaN(log)) {
                logs[known++] = log;
            }
        }
        Arrays.sort(logs, 0, known);
        return Arrays.copyOf(logs, known);
    }

    private double p(Measure measure, double observed, @Nullable JointRatio all) {
        UniformRandomProvider random = Design.random(~seed);
        int[] weightsA = new int[design.units()];
        int[] weightsB = new int[design.units()];
        int asFar = 1; // the sides as they are
        int done = 0;
        for (; done < exchanges || (done < furthest && asFar <= FEW); done++) {
            design.exchange(random, weightsA, weightsB);
            double log = logRatio(measure.of(weightsA), measure.of(weightsB));
            if (all != null && done < exchanges) {
                all.addExchanged(done, log);
            }
            asFar += isNearer(log, observed) ? 0 : 1;
        }
        return asFar / (done + 1.0);
    }

    /** A figure that is not known is not nearer: it counts against a finding. */
    static boolean isNearer(double log, double observed) {
        return Math.abs(log) < observed - EQUAL;
    }

    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] == sorted[above]
                ? sorted[below] // also where both are infinite
                : sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static double standardDeviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares =
                Arrays.stream(values).map(each -> (each - mean) * (each - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
