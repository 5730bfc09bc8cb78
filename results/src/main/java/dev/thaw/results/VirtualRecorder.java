package dev.thaw.results;

import dev.thaw.results.cost.RunCost;
import dev.thaw.results.pauses.RunPauses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records a simulation into a bundle of kind {@value #KIND}: the files of a live run, from the clock of the simulation alone.
 * So the same simulation writes the same bytes into {@code summary.json}, the tables and the interval logs. Memory does not
 * grow with the number of invocations, nor with the time that they take.
 *
 * <p>Threading: one thread; {@link #progress} on any.
 */
public final class VirtualRecorder implements AutoCloseable {
    public static final String KIND = "simulate";
    public static final String BACKEND = "simulated";

    private static final long NS_PER_US = 1_000;
    /** Up to so many, histograms of functions that are quick to write to take less than 100 MB. */
    private static final int QUICK_FUNCTIONS = 400;

    private final RunPlan plan;
    private final Path directory;
    private final long rowEvery;
    private final Headline headline = new Headline();
    private final Figures figures;
    private final BundleFailure failure = new BundleFailure();
    private final VirtualIntervals intervals;
    private final RowsFile rows;
    private final FleetFile fleet;
    private long recorded;
    private boolean stopped;
    private boolean finished;
    private volatile RunProgress progress = new RunProgress(0, 0, 0, 0, -1, -1);

    private VirtualRecorder(RunPlan plan, long rowEvery, Path directory, RunClock clock) throws IOException {
        this.plan = plan;
        this.rowEvery = rowEvery;
        this.directory = directory;
        long widthNs = VirtualIntervals.widthNs(plan.durationNs());
        boolean few = plan.functions().size() <= QUICK_FUNCTIONS;
        figures = new Figures(plan, new Seconds(widthNs), few ? FunctionTotals::quick : FunctionTotals::new);
        Json.write(
                directory.resolve(Manifest.NAME),
                Manifest.of(plan, String.valueOf(directory.getFileName()), clock.epochMs()));
        intervals = new VirtualIntervals(directory, widthNs, figures.phases, failure);
        fleet = new FleetFile(directory, failure);
        rows = new RowsFile(directory, plan.functions(), failure);
    }

    /**
     * Opens {@code runsDirectory/<utc>-<name>}. Fails with one line that names the path and the cause.
     *
     * @param rowEvery one in so many invocations has a row of its own
     */
    public static VirtualRecorder open(RunPlan plan, long rowEvery, Path runsDirectory) throws IOException {
        return open(plan, rowEvery, runsDirectory, RunClock.SYSTEM);
    }

    static VirtualRecorder open(RunPlan plan, long rowEvery, Path runsDirectory, RunClock clock) throws IOException {
        Path directory = BundleDirectory.create(runsDirectory, plan.name(), clock.epochMs());
        try {
            return new VirtualRecorder(plan, rowEvery, directory, clock);
        } catch (IOException e) {
            throw BundleFailure.cannotWrite(directory, e);
        }
    }

    /** How long an interval is: {@link #recordFleet} is due once in each. */
    public long intervalNs() {
        return intervals.widthNs();
    }

    /** The fleet when an interval ended. */
    public void recordFleet(FleetSample sample) {
        fleet.write(sample);
    }

    /** Takes one ending, in the order of their times. Copies what it keeps. */
    public void record(Sample sample) {
        if (intervals.isOver(sample.doneNs)) {
            roll(sample.doneNs);
        }
        headline.counts.add(sample);
        figures.add(sample);
        if (sample.wasExecuted()) {
            intervals.add(sample.fromIntendedNs());
        }
        if (recorded++ % rowEvery == 0) {
            rows.write(sample);
        }
    }

    private void roll(long nowNs) {
        intervals.roll(headline.fromIntended, nowNs);
        Counts counts = headline.counts;
        progress = new RunProgress(
                counts.sent(),
                counts.completed(),
                counts.failed(),
                0,
                us(Percentile.P50.of(headline.fromIntended)),
                us(Percentile.P99.of(headline.fromIntended)));
    }

    private static long us(long ns) {
        return ns < 0 ? -1 : ns / NS_PER_US;
    }

    public RunProgress progress() {
        return progress;
    }

    /** Ends the run and writes everything; see {@link RunRecorder#finish}. */
    public RunOutcome finish(VirtualTotals totals) {
        finished = true;
        intervals.finish(headline.fromIntended, figures.functions);
        stop();
        List<String> overBudget = new ArrayList<>(Budgets.broken(plan, headline));
        figures.usage.unbilledInitGbSeconds = totals.billedInitGbS();
        RunCost cost = PricedRun.virtual(plan, headline, figures, totals.provisionedGbS());
        failure.end(directory, overBudget, () -> {
            ObjectNode summary = new Summary(plan, headline, figures, cost)
                    .build(Latencies.growing(), null, RunPauses.NONE, overBudget);
            summary.set(VirtualTotals.KEY, totals.toJson());
            Json.write(directory.resolve(Summary.NAME), summary);
            CsvFiles.writeSeconds(directory, figures.seconds);
        });
        return new RunOutcome(directory, overBudget, lines(totals, cost));
    }

    private List<String> lines(VirtualTotals totals, RunCost cost) {
        List<String> lines = new ArrayList<>(Headlines.virtual(plan, headline));
        lines.add(Headlines.percentiles("added", totals.added()));
        lines.add(Headlines.percentiles("queueing", totals.queueing()));
        lines.add(String.format(
                Locale.ROOT,
                "fleet        %d environments created, %d at most at the same time; %.3f host-hours",
                totals.environmentsCreated(),
                totals.mostEnvironments(),
                totals.hostHours()));
        lines.add(String.format(
                Locale.ROOT,
                "memory time  %.3f GB-s billed, %.3f of inits, %.3f idle",
                totals.billedGbS(),
                totals.billedInitGbS(),
                totals.idleGbS()));
        lines.addAll(cost.lines());
        lines.add("virtual time: nothing ran; durations are drawn from models, decisions are the live scheduler's");
        return lines;
    }

    private void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        intervals.close();
        rows.close();
        fleet.close();
    }

    /** Frees files. Where {@link #finish} was not reached, nothing is left: half a simulation is no run. */
    @Override
    public void close() {
        stop();
        if (!finished) {
            failure.forget(directory);
        }
    }
}
