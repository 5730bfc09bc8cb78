package dev.thaw.results.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * B's figure over A's, and how sure that is.
 *
 * @param ratio not a number where either side has no figure or only one of them is zero
 * @param low of the 95 % interval; not a number, like {@code high}, where the data allow none
 * @param p two-sided: of the permutation test, or of the t distribution where that is larger
 * @param standardError of the ratio's logarithm; not a number where it is not known
 * @param degreesOfFreedom of that standard error
 * @param smallestP the least p that these units could have given
 */
public record RatioEstimate(
        double a,
        double b,
        double ratio,
        double low,
        double high,
        double p,
        double standardError,
        double degreesOfFreedom,
        double smallestP) {
    /** The confidence of the interval. */
    public static final double CONFIDENCE = 0.95;

    /**
     * The smallest change, 0.05 for 5 %, that a test at this level finds with this probability in data that spread as
     * these do; not a number where no change could have been found.
     */
    public double detectable(double level, double power) {
        if (smallestP > level || !(standardError > 0) || Double.isInfinite(standardError)) {
            return Double.NaN;
        }
        TDistribution t = TDistribution.of(degreesOfFreedom);
        double deviations = t.inverseSurvivalProbability(level / 2) + t.inverseCumulativeProbability(power);
        return Math.expm1(deviations * standardError);
    }

    /** How likely a test at this level finds a change of this ratio in data that spread as these do. */
    public double power(double level, double change) {
        if (smallestP > level || !(standardError > 0)) {
            return 0;
        }
        TDistribution t = TDistribution.of(degreesOfFreedom);
        double shift = Math.abs(Math.log1p(change)) / standardError;
        return t.cumulativeProbability(shift - t.inverseSurvivalProbability(level / 2));
    }

    /** The same where the data are too few to tell how far it may be off. */
    public RatioEstimate withoutInterval() {
        return new RatioEstimate(a, b, ratio, Double.NaN, Double.NaN, p, Double.NaN, degreesOfFreedom, smallestP);
    }

    /** The same ratio with the wider interval and the larger p of both; without an interval where either has none. */
    public RatioEstimate lessSure(RatioEstimate other) {
        RatioEstimate wide = standardError >= other.standardError ? this : other;
        return new RatioEstimate(
                a,
                b,
                ratio,
                Math.min(low, other.low),
                Math.max(high, other.high),
                Math.max(p, other.p),
                Math.max(standardError, other.standardError),
                wide.degreesOfFreedom,
                Math.max(smallestP, other.smallestP));
    }

    /** The interval excludes that nothing changed. */
    public boolean excludesNoChange() {
        return low > 1 || high < 1;
    }
}
