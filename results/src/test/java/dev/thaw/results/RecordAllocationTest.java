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
    /** Each a measurement as the one that counts: the compiler is done with all of it before that one. */
    private static final int WARM_UP_PASSES = 60;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path runs;

    @Test
    void shouldAllocateNothingOnTheRecordingThreadOnceWarm() throws IOException {
        SyntheticRun run = new SyntheticRun(20, 2, 5_000);
        List<Sample> samples = run.samples();
        try (RunRecorder recorder = RunRecorder.open(run.plan("warm"), runs)) {
            for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
                allocatedBytes(recorder, samples);
            }

            assertThat(allocatedBytes(recorder, samples)).isZero();
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
