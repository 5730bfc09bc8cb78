package dev.thaw.results;

import dev.thaw.results.cost.RunCost;
import dev.thaw.results.pauses.CollectionWatch;
import dev.thaw.results.pauses.CpuWaitWatch;
import dev.thaw.results.pauses.PauseLog;
import dev.thaw.results.pauses.Pauses;
import dev.thaw.results.pauses.RunPauses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Records a run into files. The recording thread keeps the {@link Headline} and hands a copy of each sample to the
 * {@link RowsAgent}, which does everything that may allocate, compress or wait for a disk. A full hand-over is counted
 * and breaks a budget.
 *
 * <p>Threading: see {@link RunRecorder}; {@link #finish} and {@link #close} after recording has stopped.
 */
final class BundleRecorder implements RunRecorder {
    /** Rows on their way to the writer: seconds of a disk's pause at usual rates. */
    private static final int RING_CAPACITY = 1 << 16;

    private final RunPlan plan;
    private final Path directory;
    private final RunClock clock;
    private final Headline headline = new Headline();
    private final Figures figures;
    private final BundleFailure failure = new BundleFailure();
    private final SampleRing ring;
    private final HiccupMeter meter;
    private final PauseLog pauses = new PauseLog();
    private final CollectionWatch collections;
    private final Intervals intervals;
    private final RowsAgent rows;
    private final FleetFile fleet;
    private @Nullable ServerMetrics serverMetrics;
    private @Nullable Pauses serverPauses;
    private Pauses pausesBefore = Pauses.NONE;
    private long startNanoTime;
    private boolean stopped;
    private boolean finished;

    private BundleRecorder(RunPlan plan, Path directory, RunClock clock, int ringCapacity) throws IOException {
        this.plan = plan;
        this.directory = directory;
        this.clock = clock;
        figures = new Figures(plan);
        ring = new SampleRing(ringCapacity);
        meter = new HiccupMeter(clock, pauses);
        long epochMs = clock.epochMs();
        Json.write(directory.resolve(Manifest.NAME), Manifest.of(plan, id(), epochMs));
        intervals = new Intervals(directory, plan, epochMs, figures.phases, meter, failure);
        fleet = new FleetFile(directory, failure);
        RowsFile rowsFile = new RowsFile(directory, plan.functions(), failure);
        rows = new RowsAgent(ring, clock, figures, intervals, rowsFile, failure);
        startNanoTime = clock.nanoTime();
        pausesBefore = pauses.told(startNanoTime);
        collections = new CollectionWatch(pauses::add, clock::nanoTime, clock::epochMs);
    }

    static BundleRecorder open(RunPlan plan, Path runsDirectory, RunClock clock) throws IOException {
        return open(plan, runsDirectory, clock, RING_CAPACITY);
    }

    static BundleRecorder open(RunPlan plan, Path runsDirectory, RunClock clock, int ringCapacity) throws IOException {
        Path directory = BundleDirectory.create(runsDirectory, plan.name(), clock.epochMs());
        try {
            BundleRecorder recorder = new BundleRecorder(plan, directory, clock, ringCapacity);
            recorder.meter.start();
            recorder.rows.start();
            return recorder;
        } catch (IOException e) {
            throw BundleFailure.cannotWrite(directory, e);
        }
    }

    private String id() {
        return String.valueOf(directory.getFileName());
    }

    @Override
    public void start(long startNanoTime) {
        this.startNanoTime = startNanoTime;
        pausesBefore = pauses.told(startNanoTime);
        rows.begin(startNanoTime);
    }

    @Override
    public void record(Sample sample) {
        headline.add(sample);
        if (!ring.offer(sample)) {
            headline.rowsDropped++;
        }
    }

    @Override
    public void recordFleet(FleetSample sample) {
        fleet.write(sample);
    }

    @Override
    public void recordServerMetrics(ServerMetrics metrics) {
        serverMetrics = metrics;
    }

    @Override
    public void recordServerPauses(Pauses onTheRunsClock) {
        serverPauses = onTheRunsClock;
    }

    @Override
    public @Nullable CpuWaitWatch watchThisThread(long nanoTime) {
        CpuWaitWatch watch = CpuWaitWatch.ofThisThread(pauses::addCpuWait, nanoTime);
        if (watch != null) {
            pauses.tellCpuWaits();
        }
        return watch;
    }

    /** Those from before the run are none of it. */
    private RunPauses pauses() {
        return new RunPauses(
                serverPauses, pauses.told(clock.nanoTime()).since(pausesBefore).inNsSince(startNanoTime));
    }

    @Override
    public RunProgress progress() {
        return rows.progress();
    }

    @Override
    public RunOutcome finish() {
        finished = true;
        stop();
        List<String> overBudget = new ArrayList<>(Budgets.broken(plan, headline));
        Histogram hiccup = intervals.hiccup();
        RunPauses pausesOfTheRun = pauses();
        RunCost cost = PricedRun.live(plan, headline, figures, serverMetrics);
        failure.end(directory, overBudget, () -> {
            Json.write(
                    directory.resolve(Summary.NAME),
                    new Summary(plan, headline, figures, cost)
                            .build(hiccup, serverMetrics, pausesOfTheRun, overBudget));
            CsvFiles.writeSeconds(directory, figures.seconds);
            CsvFiles.writePauses(directory, pausesOfTheRun);
            Manifest.complete(directory, plan, headline.counts);
        });
        List<String> lines = Headlines.lines(plan, headline, hiccup);
        lines.addAll(cost.lines());
        return new RunOutcome(directory, overBudget, lines);
    }

    private void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        meter.close();
        collections.close();
        rows.close();
        fleet.close();
    }

    @Override
    public void close() {
        stop();
        if (!finished && headline.counts.recorded() == 0) {
            failure.forget(directory); // nothing was measured
        }
    }
}
