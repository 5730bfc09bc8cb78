package dev.thaw.results.compare;

import dev.thaw.results.statistics.RatioEstimate;

/**
 * What a metric says of B against A.
 *
 * @param pHolm p as it counts among all metrics of its family; not a number where there is none
 * @param detectable the smallest change that these data could have shown, 0.05 for 5 %; not a number for none
 * @param level that the metric's own p had to stay below, were all others of its family as good
 * @param familySize how many metrics are judged together
 */
public record Finding(
        Metric metric,
        RatioEstimate estimate,
        double pHolm,
        Verdict verdict,
        double detectable,
        double level,
        int familySize) {
    /** The chance of finding a change as large as {@link #detectable}. */
    static final double POWER = 0.8;

    static Finding of(Metric metric, RatioEstimate estimate, double pHolm, double familyLevel, int familySize) {
        double level = familyLevel / Math.max(1, familySize);
        return new Finding(
                metric,
                estimate,
                pHolm,
                verdict(metric, estimate, pHolm, familyLevel),
                estimate.detectable(level, POWER),
                level,
                familySize);
    }

    private static Verdict verdict(Metric metric, RatioEstimate estimate, double pHolm, double level) {
        boolean intervalAgrees = Double.isNaN(estimate.low()) || estimate.excludesNoChange();
        if (!(pHolm < level) || !intervalAgrees) {
            return Verdict.UNDECIDED;
        }
        return change(metric, estimate) > 0 ? Verdict.WORSE : Verdict.BETTER;
    }

    /** Its units are too few, whatever they hold. */
    boolean couldShowNothing() {
        return !(estimate.smallestP() <= level);
    }

    /** How much worse B is, 0.05 for 5 % of A; infinite where A has none of it; negative where B is better. */
    double worseBy() {
        return change(metric, estimate);
    }

    private static double change(Metric metric, RatioEstimate estimate) {
        double change = estimate.a() == 0 ? Double.POSITIVE_INFINITY * Math.signum(estimate.b()) : ratio(estimate) - 1;
        return metric.lowerIsBetter() ? change : -change;
    }

    private static double ratio(RatioEstimate estimate) {
        return Double.isNaN(estimate.ratio()) ? estimate.b() / estimate.a() : estimate.ratio();
    }
}
