package dev.thaw.cli.virtual;

import dev.thaw.results.BakeoffFigure;
import dev.thaw.results.SweepBundle;
import dev.thaw.results.SweepCell;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.virtual.SimulationTotals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Scenarios that are simulated once and kept, each a cell of the bundle. Cells that the bundle has already are not
 * simulated again.
 *
 * <p>Threading: as its {@link Cores}.
 */
public final class Sweep {
    private static final double PERCENT = 100;
    private static final double NS_PER_MS = 1e6;

    /**
     * One cell to simulate.
     *
     * @param scenario made when its turn comes: a trace need not be in memory before
     */
    public record Entry(Map<String, String> policies, long seed, Supplier<Scenario> scenario) {}

    private final SweepBundle bundle;
    private final Cores cores;

    public Sweep(SweepBundle bundle, Cores cores) {
        this.bundle = bundle;
        this.cores = cores;
    }

    /** All cells in the order of their entries, or those that were finished when it was stopped. */
    public List<SweepCell> run(List<Entry> entries) throws IOException, InterruptedException {
        return run(entries, (_, totals) -> figures(totals));
    }

    /** The same with figures that somebody else makes; those of a bake-off must be among them. */
    public List<SweepCell> run(List<Entry> entries, BiFunction<Scenario, SimulationTotals, Map<String, Double>> figures)
            throws IOException, InterruptedException {
        List<Callable<SweepCell>> jobs = new ArrayList<>();
        entries.forEach(entry -> jobs.add(() -> cell(entry, figures)));
        return cores.run(jobs);
    }

    private SweepCell cell(Entry entry, BiFunction<Scenario, SimulationTotals, Map<String, Double>> figures)
            throws IOException {
        var kept = bundle.cell(entry.policies(), entry.seed());
        if (kept.isPresent()) {
            return kept.get();
        }
        Scenario scenario = entry.scenario().get();
        SimulationTotals totals = scenario.run();
        SweepCell cell =
                new SweepCell(entry.policies(), entry.seed(), totals.arrivals(), figures.apply(scenario, totals));
        bundle.keep(cell);
        return cell;
    }

    /** What a bake-off tells. */
    public static Map<String, Double> figures(SimulationTotals totals) {
        long served = 0;
        for (Outcome outcome : Outcome.values()) {
            served += totals.count(outcome);
        }
        Map<String, Double> figures = new TreeMap<>();
        put(figures, BakeoffFigure.COLD_PERCENT, percent(totals.coldTriggers(), served));
        put(figures, BakeoffFigure.VICTIM_PERCENT, percent(totals.coldVictims(), served));
        put(figures, BakeoffFigure.REFUSED_PERCENT, percent(totals.arrivals() - served, totals.arrivals()));
        put(figures, BakeoffFigure.ADDED_P50_MS, ms(totals.added(), 50));
        put(figures, BakeoffFigure.ADDED_P99_MS, ms(totals.added(), 99));
        put(figures, BakeoffFigure.ADDED_P999_MS, ms(totals.added(), 99.9));
        put(figures, BakeoffFigure.IDLE_GB_S, totals.idleGbS());
        put(figures, BakeoffFigure.BILLED_GB_S, totals.billedGbS() + totals.billedInitGbS());
        put(figures, BakeoffFigure.HOST_HOURS, totals.hostHours());
        return figures;
    }

    private static void put(Map<String, Double> figures, BakeoffFigure figure, double value) {
        figures.put(figure.key(), value);
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : PERCENT * part / whole;
    }

    private static double ms(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NS_PER_MS;
    }
}
