package dev.thaw.cli.plan;

import dev.thaw.cli.plan.PlanFigures.Bill;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.statistics.Measure;
import dev.thaw.results.statistics.PooledValues;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.virtual.Simulation;
import dev.thaw.scheduler.virtual.SimulationListener;
import dev.thaw.scheduler.virtual.SimulationTotals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What a fleet did with the arrivals of each of equal parts of a trace's time, as figures of any weighting of these parts.
 * An invocation belongs to the part that it arrived in; what is billed to the one in which it was.
 */
final class WindowFigures implements SimulationListener {
    private static final int DIGITS = 3;
    private static final double PERCENT = 100;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private final PlanFigures figures;
    private final Simulation simulation;
    private final int windows;
    private final long windowNs;
    private final Histogram[] latency;
    private final Histogram[] added;
    private final double[] arrived;
    private final double[] served;
    private final double[] cold;
    private final double[] delayed;
    private final double[] refused;
    private final double[] usd;
    private final double windowHeldGbS;
    private final Map<String, Double> totals;
    private int billing;
    private Bill billed = new Bill(0, 0, 0, 0);
    private final Optional<PooledValues> pooledLatency;
    private final Optional<PooledValues> pooledAdded;

    /** Simulates at once. */
    WindowFigures(Scenario scenario, PlanFigures figures, int windows, long durationNs) {
        this.figures = figures;
        this.windows = windows;
        windowNs = Math.max(1, Math.ceilDiv(durationNs, windows));
        latency = histograms(windows);
        added = histograms(windows);
        arrived = new double[windows];
        served = new double[windows];
        cold = new double[windows];
        delayed = new double[windows];
        refused = new double[windows];
        usd = new double[windows];
        windowHeldGbS = PlanFigures.heldGb(scenario.workload().functions()) * windowNs / NS_PER_S;
        simulation = scenario.prepare(this);
        SimulationTotals all = simulation.run(scenario.workload().walk());
        bill();
        totals = figures.of(scenario, all);
        pooledLatency = pooled(latency);
        pooledAdded = pooled(added);
    }

    private static Histogram[] histograms(int windows) {
        Histogram[] histograms = new Histogram[windows];
        Arrays.setAll(histograms, _ -> new Histogram(DIGITS));
        return histograms;
    }

    private int window(long arrivalNs) {
        return (int) Math.min(windows - 1, arrivalNs / windowNs);
    }

    @Override
    public void ended(Invocation invocation, Outcome outcome, long nowNs) {
        billUntil(nowNs);
        int window = window(invocation.startNs());
        arrived[window]++;
        served[window]++;
        cold[window] += invocation.coldTrigger() ? 1 : 0;
        delayed[window] += invocation.coldTrigger() || invocation.coldVictim() ? 1 : 0;
        latency[window].recordValue(invocation.totalNs());
        if (outcome == Outcome.RESPONSE || outcome == Outcome.FUNCTION_ERROR) {
            added[window].recordValue(simulation.addedNs(invocation));
        }
    }

    @Override
    public void refused(Invocation invocation, Refusal refusal, long nowNs) {
        int window = window(invocation.startNs());
        arrived[window]++;
        refused[window]++;
    }

    /** Closes the bills of windows that are over; the last one is when everything is. */
    private void billUntil(long nowNs) {
        while (billing < windows - 1 && nowNs > (billing + 1) * windowNs) {
            bill();
            billing++;
        }
    }

    private void bill() {
        Bill now = Bill.of(simulation.soFar());
        usd[billing] = figures.usd(now.since(billed), windowHeldGbS);
        billed = now;
    }

    private static Optional<PooledValues> pooled(Histogram[] histograms) {
        if (Arrays.stream(histograms).allMatch(each -> each.getTotalCount() == 0)) {
            return Optional.empty();
        }
        return Optional.of(PooledValues.of(
                Arrays.stream(histograms).map(WindowFigures::unit).toList()));
    }

    private static PooledValues.Unit unit(Histogram histogram) {
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

    private static double sum(double[] values, int[] weights) {
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
