package dev.thaw.cli.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.FleetSample;
import dev.thaw.results.RunPlan;
import dev.thaw.results.Sample;
import dev.thaw.results.VirtualRecorder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleBatchesTest {
    private static final long NS_PER_MS = 1_000_000;

    @TempDir
    private Path runs;

    private VirtualRecorder recorder() throws IOException {
        RunPlan plan = new RunPlan(
                VirtualRecorder.KIND,
                "batches",
                "thaw simulate",
                Map.of(),
                1,
                VirtualRecorder.BACKEND,
                "none",
                Map.of(),
                false,
                List.of(new RunPlan.RunFunction("f", 128, RunPlan.UNKNOWN)),
                10_000,
                10_000 * NS_PER_MS,
                1);
        return VirtualRecorder.open(plan, 1, runs);
    }

    private static void fill(SampleBatches batches, int function, int count) {
        for (int at = 0; at < count; at++) {
            Sample sample = batches.next();
            sample.function = function;
            sample.intendedStartNs = at * NS_PER_MS;
            sample.sentNs = sample.intendedStartNs;
            sample.doneNs = sample.intendedStartNs + NS_PER_MS;
            batches.filled();
        }
    }

    @Test
    void shouldRecordEverySampleOnce() throws IOException {
        try (VirtualRecorder recorder = recorder();
                SampleBatches batches = new SampleBatches(recorder)) {
            fill(batches, 0, 10_000);
            batches.fleet(new FleetSample(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
            batches.finish();

            assertThat(recorder.progress().completed()).isBetween(9_000L, 10_000L);
        }
    }

    /** The simulation hears of it, and does not wait for ever for somebody who has given up. */
    @Test
    void shouldTellWhereTheRecorderFails() throws IOException {
        try (VirtualRecorder recorder = recorder();
                SampleBatches batches = new SampleBatches(recorder)) {
            assertThatThrownBy(() -> {
                        fill(batches, 99, 10_000);
                        batches.finish();
                    })
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(runs).isEmptyDirectory();
    }
}
