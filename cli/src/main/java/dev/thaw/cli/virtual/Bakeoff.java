package dev.thaw.cli.virtual;

import dev.thaw.results.BakeoffBundle;
import dev.thaw.results.BakeoffCell;
import dev.thaw.results.BakeoffFigure;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.virtual.SimulationTotals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Policies against each other: each combination with each seed is a cell, simulated once and kept. Cells that the bundle has
 * already are not simulated again.
 *
 * <p>Threading: one thread for each core, {@code thaw-cell-N}; {@link #stop} and {@link #done} on any.
 */
public final class Bakeoff {
    private static final double PERCENT = 100;
    private static final double NS_PER_MS = 1e6;

    /**
     * One cell to simulate.
     *
     * @param scenario made when its turn comes: a trace need not be in memory before
     */
    public record Entry(Map<String, String> policies, long seed, Supplier<Scenario> scenario) {}

    private final BakeoffBundle bundle;
    private final List<Entry> entries;
    private final AtomicLong done = new AtomicLong();
    private volatile boolean stopped;

    public Bakeoff(BakeoffBundle bundle, List<Entry> entries) {
        this.bundle = bundle;
        this.entries = List.copyOf(entries);
    }

    /** Cells that are finished. */
    public long done() {
        return done.get();
    }

    /** Begins no other cell; those under way are finished and kept. */
    public void stop() {
        stopped = true;
    }

    /** All cells, or those that were finished when it was stopped. */
    public List<BakeoffCell> run(int threads) throws IOException, InterruptedException {
        List<Future<List<BakeoffCell>>> running = new ArrayList<>();
        AtomicLong next = new AtomicLong();
        try (ExecutorService cores = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("thaw-cell-", 1).daemon().factory())) {
            for (int core = 0; core < threads; core++) {
                running.add(cores.submit(() -> work(next)));
            }
            List<BakeoffCell> cells = new ArrayList<>();
            for (Future<List<BakeoffCell>> each : running) {
                cells.addAll(each.get());
            }
            return cells;
        } catch (ExecutionException e) {
            stop();
            throw failed(e);
        }
    }

    private static IOException failed(ExecutionException failure) {
        switch (failure.getCause()) {
            case IOException cause -> throw new java.io.UncheckedIOException(cause);
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case null, default -> throw new IllegalStateException(failure);
        }
    }

    private List<BakeoffCell> work(AtomicLong next) throws IOException {
        List<BakeoffCell> cells = new ArrayList<>();
        for (int at = (int) next.getAndIncrement();
                at < entries.size() && !stopped;
                at = (int) next.getAndIncrement()) {
            cells.add(cell(entries.get(at)));
            done.incrementAndGet();
        }
        return cells;
    }

    private BakeoffCell cell(Entry entry) throws IOException {
        var kept = bundle.cell(entry.policies(), entry.seed());
        if (kept.isPresent()) {
            return kept.get();
        }
        SimulationTotals totals = entry.scenario().get().run();
        BakeoffCell cell = new BakeoffCell(entry.policies(), entry.seed(), totals.arrivals(), figures(totals));
        bundle.keep(cell);
        return cell;
    }

    private static Map<String, Double> figures(SimulationTotals totals) {
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
