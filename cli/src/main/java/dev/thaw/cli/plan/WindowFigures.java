package dev.thaw.cli.plan;

import dev.thaw.cli.virtual.Scenario;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.statistics.Measure;
import dev.thaw.results.statistics.PooledValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What a fleet did with the arrivals of each of equal parts of a trace's time, as figures of any weighting of these parts.
 */
final class WindowFigures {
    private static final double PERCENT = 100;
    private static final double NS_PER_MS = 1e6;

    private final double[] arrived;
    private final double[] served;
    private final double[] cold;
    private final double[] delayed;
    private final double[] refused;
    private final double[] usd;
    private final Map<String, Double> totals;
    private final Optional<PooledValues> pooledLatency;
    private final Optional<PooledValues> pooledAdded;

    /** Simulates at once. */
    WindowFigures(Scenario scenario, PlanFigures figures, Windows windows) {
        WindowCounts counts = new WindowCounts(scenario, figures, windows);
        arrived = counts.arrived;
        served = counts.served;
        cold = counts.cold;
        delayed = counts.delayed;
        refused = counts.refused;
        usd = counts.usd;
        totals = figures.of(scenario, counts.totals);
        pooledLatency = pooled(counts.latency);
        pooledAdded = pooled(counts.added);
    }

    private static Optional<PooledValues> pooled(Histogram[] histograms) {
        if (Arrays.stream(histograms).allMatch(each -> each.getTotalCount() == 0)) {
            return Optional.empty();
        }
        return Optional.of(PooledValues.of(
                Arrays.stream(histograms).map(WindowFigures::unitMs).toList()));
    }

    /** The values of a histogram of ns, in ms. */
    static PooledValues.Unit unitMs(Histogram histogram) {
        List<Double> values = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (HistogramIterationValue each : histogram.recordedValues()) {
            values.add(histogram.highestEquivalentValue(each.getValueIteratedTo()) / NS_PER_MS);
            counts.add(each.getCountAtValueIteratedTo());
        }
        return new PooledValues.Unit(
                values.stream().mapToDouble(Double::doubleValue).toArray(),
                counts.stream().mapToLong(Long::longValue).toArray());
    }

    /** Of the whole simulation, as any other one has them. */
    Map<String, Double> totals() {
        return totals;
    }

    /** The figure of weighted windows; none where it is not made of them. */
    Optional<Measure> measure(PlanFigure figure) {
        if (figure.percentile() > 0) {
            return (figure.isAdded() ? pooledAdded : pooledLatency)
                    .map(values -> values.quantile(figure.percentile() / PERCENT));
        }
        return switch (figure) {
            case COLD -> Optional.of(percent(cold, served));
            case DELAYED -> Optional.of(percent(delayed, served));
            case THROTTLED -> Optional.of(percent(refused, arrived));
            case USD -> Optional.of(weights -> sum(usd, weights));
            default -> Optional.empty();
        };
    }

    private static Measure percent(double[] part, double[] whole) {
        return Measure.quotient(Arrays.stream(part).map(each -> PERCENT * each).toArray(), whole);
    }

    static double sum(double[] values, int[] weights) {
        double sum = 0;
        for (int window = 0; window < weights.length; window++) {
            sum += weights[window] * values[window];
        }
        return sum;
    }

    /** All objectives hold in these windows; one of which nothing is known does. */
    boolean hold(Objectives objectives, int[] weights) {
        for (Objective each : objectives.all()) {
            double value =
                    measure(each.figure()).map(measure -> measure.of(weights)).orElse(Double.NaN);
            if (!Double.isNaN(value) && !each.holds(value)) {
                return false;
            }
        }
        return true;
    }
}
