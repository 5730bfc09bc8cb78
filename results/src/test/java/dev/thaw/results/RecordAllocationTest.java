package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordAllocationTest {
    private static final int PASSES = 5;

    @TempDir
    private Path runs;

    @Test
    void shouldAllocateNothingOnTheRecordingThreadOnceWarm() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Sample> samples = new SyntheticRun(20, 2, 5_000).samples();
        try (RunRecorder recorder = RunRecorder.open(new SyntheticRun(20, 2, 5_000).plan("warm"), runs)) {
            samples.forEach(recorder::record);
            // The least of some passes: the JIT compiler's own few bytes are in one at most, a record's are in each.
            long leastBytes = Long.MAX_VALUE;
            for (int pass = 0; pass < PASSES; pass++) {
                long beforeBytes = threads.getCurrentThreadAllocatedBytes();
                recordAll(recorder, samples);
                leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - beforeBytes);
            }

            assertThat(leastBytes).isZero();
        }
    }

    /** By index: an iterator is an object. */
    private static void recordAll(RunRecorder recorder, List<Sample> samples) {
        for (int i = 0; i < samples.size(); i++) {
            recorder.record(samples.get(i));
        }
    }
}
