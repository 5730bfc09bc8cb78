package dev.thaw.results.compare;

import dev.thaw.results.statistics.PooledValues;
import dev.thaw.results.statistics.RatioEstimate;
import dev.thaw.results.statistics.RatioTest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both sides' latency by percentile, and by how much each percentile is shifted, with its interval. Each interval holds by
 * itself, not all of them together.
 *
 * @param points ascending; up to the last percentile that both sides have a sample beyond
 */
public record ShiftFunction(String metric, String unit, List<Point> points) {
    private static final int POINTS_PER_NINE = 20;

    public ShiftFunction {
        points = List.copyOf(points);
    }

    /**
     * One percentile.
     *
     * @param share of the samples that are at most so large
     */
    public record Point(double share, RatioEstimate estimate) {}

    /** Null where either side has no such figure, or nothing in it. */
    static @Nullable ShiftFunction of(@Nullable Figure a, @Nullable Figure b, Test test) {
        if (!(a instanceof Figure.Distribution first) || !(b instanceof Figure.Distribution second)) {
            return null;
        }
        Figure.Distribution both = (Figure.Distribution) first.append(second);
        PooledValues pooled = PooledValues.of(both.byUnit());
        int unitsA = first.byUnit().size();
        long countA = pooled.count(0, unitsA);
        long count = Math.min(countA, pooled.count(unitsA, both.byUnit().size()));
        if (count == 0) {
            return null;
        }
        RatioTest ratio = test.of(unitsA, second.byUnit().size());
        List<Point> points = new ArrayList<>();
        for (int step = 0; step <= Math.log10((double) count) * POINTS_PER_NINE; step++) {
            double beyond = Math.pow(10, -step / (double) POINTS_PER_NINE);
            RatioEstimate estimate = ratio.of(pooled.quantile(1 - beyond));
            boolean told = PooledValues.hasInterval(count, beyond) && PooledValues.hasInterval(count, 1 - beyond);
            points.add(new Point(1 - beyond, told ? estimate : estimate.withoutInterval()));
        }
        return new ShiftFunction(first.name(), first.unit(), points);
    }

    /** Makes the test of so many units a side. */
    @FunctionalInterface
    interface Test {
        RatioTest of(int unitsA, int unitsB);
    }
}
