package dev.thaw.results;

import dev.thaw.results.pauses.CpuWaitWatch;
import dev.thaw.results.pauses.Pauses;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Records one run into its bundle. Opens the bundle at once (a full disk or a missing right shows before the run, not
 * after), runs the hiccup meter while it is open, writes {@code summary.json} and {@code report.html} at the end.
 *
 * <p>Threading: {@link #record} on one thread; {@link #recordFleet} on one thread; {@link #progress} on any.
 */
public interface RunRecorder extends AutoCloseable {
    /** Opens {@code runsDirectory/<utc>-<name>}. Fails with one line that names the path and the cause. */
    static RunRecorder open(RunPlan plan, Path runsDirectory) throws IOException {
        return BundleRecorder.open(plan, runsDirectory, RunClock.SYSTEM);
    }

    /** Marks the run's start on {@link System#nanoTime()}'s scale: the zero of every time in samples. */
    void start(long startNanoTime);

    /** Takes one finished, lost or unsent invocation. Copies what it keeps; allocates nothing once warm. */
    void record(Sample sample);

    void recordFleet(FleetSample sample);

    /** What the server counted during the run; once, before {@link #finish}. Without it the run does not know. */
    void recordServerMetrics(ServerMetrics metrics);

    /** When the server's process stood still, in ns since the run's start; once, before {@link #finish}. */
    void recordServerPauses(Pauses pauses);

    /**
     * What notes from {@code nanoTime} on when the calling thread, which is to drive the load, had no processor; that
     * thread looks at it often and closes it. Null where this system does not tell.
     */
    @Nullable
    CpuWaitWatch watchThisThread(long nanoTime);

    RunProgress progress();

    /**
     * Ends the run and writes everything. Returns what the caller prints and exits with. Files that could not be written
     * (disk full) are one more line over budget: the figures are returned all the same.
     */
    RunOutcome finish() throws IOException;

    /**
     * Frees threads and files. Where {@link #finish} was not reached, leaves a bundle without {@code summary.json}, or
     * nothing at all where nothing was recorded.
     */
    @Override
    void close();
}
