package dev.thaw.results.compare;

import dev.thaw.results.statistics.Measure;
import dev.thaw.results.statistics.PooledValues;
import dev.thaw.results.statistics.RatioEstimate;
import dev.thaw.results.statistics.RatioTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A metric that both sides know, ready to be tested.
 *
 * @param measure of all units, A's first
 * @param maxima where the measure is their maximum, otherwise null
 * @param unitsA how many units A has of it
 * @param withInterval there are enough samples for an interval
 */
@SuppressWarnings("ArrayRecordComponent") // tables of numbers that nobody compares
record Claim(Metric metric, Measure measure, double @Nullable [] maxima, int unitsA, int unitsB, boolean withInterval) {
    /** What can be asked of the same figure of both sides; empty where they tell different things. */
    static List<Claim> of(Figure a, Figure b, long minCount) {
        if (!a.fits(b)) {
            return List.of();
        }
        return switch (a) {
            case Figure.Quotient first -> quotient(first, (Figure.Quotient) b);
            case Figure.Distribution first -> distribution(first, (Figure.Distribution) b, minCount);
        };
    }

    private static List<Claim> quotient(Figure.Quotient a, Figure.Quotient b) {
        Figure.Quotient both = (Figure.Quotient) a.append(b);
        boolean nothing = DoubleStream.of(both.above()).sum() == 0
                || DoubleStream.of(a.below()).sum() == 0
                || DoubleStream.of(b.below()).sum() == 0;
        return nothing
                ? List.of()
                : List.of(new Claim(
                        a.metric(),
                        Measure.quotient(both.above(), both.below()),
                        null,
                        a.above().length,
                        b.above().length,
                        true));
    }

    private static List<Claim> distribution(Figure.Distribution a, Figure.Distribution b, long minCount) {
        Figure.Distribution both = (Figure.Distribution) a.append(b);
        PooledValues pooled = PooledValues.of(both.byUnit());
        long countA = pooled.count(0, a.byUnit().size());
        long countB = pooled.count(a.byUnit().size(), both.byUnit().size());
        long count = Math.min(countA, countB);
        int unitsA = a.byUnit().size();
        int unitsB = b.byUnit().size();
        List<Claim> claims = new ArrayList<>();
        if (count < minCount) {
            return claims;
        }
        for (Tail tail : a.tails()) {
            if (tail.isKnown(count)) {
                Metric metric = new Metric(a.name() + "." + tail.title, a.unit(), true);
                claims.add(
                        new Claim(metric, pooled.quantile(tail.share), null, unitsA, unitsB, tail.hasInterval(count)));
            }
        }
        if (a.withMaximum() && count > 0) {
            double[] maxima = both.byUnit().stream().mapToDouble(Claim::last).toArray();
            Metric metric = new Metric(a.name() + ".max", a.unit(), true);
            claims.add(new Claim(metric, Measure.maximum(maxima), maxima, unitsA, unitsB, true));
        }
        return claims;
    }

    private static double last(PooledValues.Unit unit) {
        return unit.values().length == 0 ? Double.NaN : unit.values()[unit.values().length - 1];
    }

    RatioEstimate estimate(RatioTest test) {
        RatioEstimate estimate = maxima == null ? test.of(measure) : test.ofMaximum(maxima);
        return withInterval ? estimate : estimate.withoutInterval();
    }
}
