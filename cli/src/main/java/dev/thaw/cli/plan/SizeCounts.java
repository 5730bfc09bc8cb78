package dev.thaw.cli.plan;

import dev.thaw.cli.plan.PlanFigures.Bill;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.statistics.BlockBootstrap;
import dev.thaw.results.statistics.Measure;
import dev.thaw.results.statistics.PooledValues;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.Simulation;
import dev.thaw.scheduler.virtual.SimulationListener;
import dev.thaw.scheduler.virtual.SimulationTotals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Latencies and cost of some functions by windows, while a fleet is simulated: as {@link WindowCounts} does of all of them
 * together. Large: {@link SizeOption} keeps what is made of it.
 */
final class SizeCounts implements SimulationListener {
    private static final int DIGITS = 3;
    private static final double PERCENT = 100;
    /** What is told of every size, whatever it is chosen by. */
    private static final List<PlanFigure> TAILS = List.of(PlanFigure.P50, PlanFigure.P99);

    private static final PooledValues.Unit NOTHING = PooledValues.Unit.of();

    private final List<FunctionModel> models;
    private final Windows windows;
    private final int[] placeOf;
    /** By place and window. */
    private final @Nullable Histogram[][] latency;

    private final long[] served;
    private final List<double[]> usd = new ArrayList<>();
    private final WindowBills bills;
    private final PlanFigures figures;
    private final SimulationTotals totals;

    /** Simulates at once. */
    SizeCounts(Scenario scenario, PlanFigures figures, Windows windows, List<Integer> functionIds) {
        models = scenario.workload().functions();
        this.windows = windows;
        this.figures = figures;
        bills = new WindowBills(windows, figures);
        placeOf = new int[models.size()];
        Arrays.fill(placeOf, -1);
        latency = new @Nullable Histogram[functionIds.size()][windows.count()];
        served = new long[functionIds.size()];
        Simulation simulation = scenario.prepare(this);
        SimulationTotals soFar = simulation.soFar();
        for (int place = 0; place < served.length; place++) {
            int id = functionIds.get(place);
            int at = place;
            placeOf[id] = place;
            usd.add(bills.open(PlanFigures.heldGb(List.of(models.get(id))), () -> Bill.of(soFar, id, served[at])));
        }
        totals = simulation.run(scenario.workload().walk());
        bills.close();
    }

    @Override
    public void ended(Invocation invocation, Outcome outcome, long nowNs) {
        bills.until(nowNs);
        int place = placeOf[invocation.functionId()];
        if (place >= 0) {
            served[place]++;
            histogram(place, windows.at(invocation.startNs())).recordValue(invocation.totalNs());
        }
    }

    private Histogram histogram(int place, int window) {
        Histogram histogram = latency[place][window];
        if (histogram == null) {
            histogram = new PackedHistogram(DIGITS);
            latency[place][window] = histogram;
        }
        return histogram;
    }

    /**
     * What it is of a function that was served.
     *
     * @param share the percentile, from 0 to 1
     */
    SizeOption option(int functionId, double share, BlockBootstrap bootstrap) {
        int place = placeOf[functionId];
        PooledValues latencies = latencies(functionId);
        int windowsOfIt =
                (int) Arrays.stream(latency[place]).filter(Objects::nonNull).count();
        boolean enough = windowsOfIt >= bootstrap.leastUnits() && PooledValues.hasInterval(served[place], 1 - share);
        return new SizeOption(
                models.get(functionId).spec().memoryMib(),
                whole(latencies.quantile(share)),
                figures.usd(models.get(functionId), totals, functionId, served[place]),
                served[place],
                new SizeOption.Draws(
                        windowsOfIt,
                        drawn(enough, latencies.quantile(share), bootstrap),
                        drawn(enough, usd(functionId), bootstrap)),
                TAILS.stream()
                        .map(each -> tail(each, latencies, served[place], windowsOfIt, bootstrap))
                        .toList());
    }

    private SizeOption.Tail tail(
            PlanFigure figure, PooledValues latencies, long count, int windowsOfIt, BlockBootstrap bootstrap) {
        double share = figure.percentile() / PERCENT;
        Measure latencyMs = latencies.quantile(share);
        boolean enough = windowsOfIt >= bootstrap.leastUnits() && PooledValues.hasInterval(count, 1 - share);
        return new SizeOption.Tail(figure, whole(latencyMs), drawn(enough, latencyMs, bootstrap));
    }

    private double whole(Measure measure) {
        return measure.ofRange(0, windows.count(), windows.count());
    }

    private static double[] drawn(boolean enough, Measure measure, BlockBootstrap bootstrap) {
        return enough ? bootstrap.drawn(measure) : new double[0];
    }

    private PooledValues latencies(int functionId) {
        return PooledValues.of(Arrays.stream(latency[placeOf[functionId]])
                .map(each -> each == null ? NOTHING : WindowFigures.unitMs(each))
                .toList());
    }

    Measure usd(int functionId) {
        double[] byWindow = usd.get(placeOf[functionId]);
        return weights -> WindowFigures.sum(byWindow, weights);
    }

    boolean isServed(int functionId) {
        return served[placeOf[functionId]] > 0;
    }
}
