package dev.thaw.jmh;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.HdrHistogram.SingleWriterRecorder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What recording one latency costs, by kind of histogram; values wander over 10 us..100 ms as real ones do. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LatencyRecordingBenchmark {
    private static final int DIGITS = 3;
    private static final long MAX_NS = TimeUnit.MINUTES.toNanos(20);

    private final Histogram plain = new Histogram(MAX_NS, DIGITS);
    private final AtomicHistogram atomic = new AtomicHistogram(MAX_NS, DIGITS);
    private final SingleWriterRecorder singleWriter = new SingleWriterRecorder(MAX_NS, DIGITS);
    private final Recorder multiWriter = new Recorder(MAX_NS, DIGITS);
    private long state = 42;

    private long nextLatencyNs() {
        state = state * 6364136223846793005L + 1442695040888963407L;
        return 10_000 + ((state >>> 33) % 100_000_000L);
    }

    @Benchmark
    public long baseline() {
        return nextLatencyNs();
    }

    @Benchmark
    public void histogram() {
        plain.recordValue(nextLatencyNs());
    }

    @Benchmark
    public void atomicHistogram() {
        atomic.recordValue(nextLatencyNs());
    }

    @Benchmark
    public void singleWriterRecorder() {
        singleWriter.recordValue(nextLatencyNs());
    }

    @Benchmark
    public void recorder() {
        multiWriter.recordValue(nextLatencyNs());
    }
}
