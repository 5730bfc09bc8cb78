package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recording allocates nothing on its thread, to the byte. */
final class RecordAllocationTest {
    /** So many passes in a row must be clean: 200,000 records without a byte. */
    private static final int CLEAN_PASSES = 20;
    /**
     * The VM itself allocates on this thread, 136 bytes in all, in the pass in which optimised code is swapped in (some
     * pass of the first ten; later on a busy machine). An allocation by recording would be in every pass.
     */
    private static final int MAX_PASSES = 1_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path runs;

    @Test
    void shouldAllocateNothingOnTheRecordingThreadOnceWarm() throws IOException {
        SyntheticRun run = new SyntheticRun(20, 2, 5_000);
        List<Sample> samples = run.samples();
        try (RunRecorder recorder = RunRecorder.open(run.plan("warm"), runs)) {
            int clean = 0;
            for (int pass = 0; clean < CLEAN_PASSES && pass < MAX_PASSES; pass++) {
                clean = allocatedBytes(recorder, samples) == 0 ? clean + 1 : 0;
            }

            assertThat(clean).isEqualTo(CLEAN_PASSES);
        }
    }

    /** By index: an iterator is an object. */
    private long allocatedBytes(RunRecorder recorder, List<Sample> samples) {
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < samples.size(); i++) {
            recorder.record(samples.get(i));
        }
        return threads.getCurrentThreadAllocatedBytes() - beforeBytes;
    }
}
