package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A recorder for a warm-up: it does all that a run's does, its seconds pass fifty times as fast, and its files are gone
 * when it is closed. So the JIT meets what a run does once a second before the run, not during it.
 *
 * <p>Threading: as {@link RunRecorder}.
 */
public final class Rehearsal implements AutoCloseable {
    private static final int FASTER = 50;

    private final Path directory;
    private final RunRecorder recorder;

    /** Opens files in the folder for temporary ones. */
    public Rehearsal(List<RunPlan.RunFunction> functions) throws IOException {
        directory = Files.createTempDirectory("thaw-rehearsal");
        RunClock clock = new Fast();
        recorder = BundleRecorder.open(plan(functions), directory, clock);
        recorder.start(clock.nanoTime());
    }

    private static RunPlan plan(List<RunPlan.RunFunction> functions) {
        return new RunPlan(
                "warm-up", "warm-up", "", Map.of(), 0, RunPlan.EXTERNAL, "none", Map.of(), false, functions, 0, 0, 0);
    }

    public RunRecorder recorder() {
        return recorder;
    }

    @Override
    public void close() throws IOException {
        recorder.close();
        BundleDirectory.delete(directory);
    }

    private static final class Fast implements RunClock {
        @Override
        public long nanoTime() {
            return RunClock.SYSTEM.nanoTime() * FASTER;
        }

        @Override
        public long epochMs() {
            return RunClock.SYSTEM.epochMs();
        }
    }
}
