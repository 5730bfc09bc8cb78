package dev.thaw.results;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Takes samples from the ring, adds them up, writes rows and interval logs, and refreshes the progress figures.
 *
 * <p>Threading: its own thread {@code thaw-rows}; what it filled may be read after {@link #close}.
 */
final class RowsAgent implements AutoCloseable {
    private static final int DRAIN_LIMIT = 4096;
    private static final long IDLE_NS = 5_000_000L;
    /** An interval stays open this long for samples that are still on their way here. */
    private static final long GRACE_NS = 100_000_000L;

    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_US = 1e3;

    private final SampleRing ring;
    private final RunClock clock;
    private final Figures figures;
    private final Intervals intervals;
    private final RowsFile rows;
    private final BundleFailure failure;
    private final Consumer<Sample> onSample = this::onSample;
    private final Counts counts = new Counts();
    private final Thread thread;
    private long recordedAtRoll;
    private long rolledAtNs;
    private boolean begun;
    private volatile long startNs = Long.MIN_VALUE;
    private volatile boolean closed;
    private volatile RunProgress progress = new RunProgress(0, 0, 0, 0, -1, -1);

    RowsAgent(
            SampleRing ring,
            RunClock clock,
            Figures figures,
            Intervals intervals,
            RowsFile rows,
            BundleFailure failure) {
        this.ring = ring;
        this.clock = clock;
        this.figures = figures;
        this.intervals = intervals;
        this.rows = rows;
        this.failure = failure;
        thread = Thread.ofPlatform().name("thaw-rows").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void begin(long startNanoTime) {
        startNs = startNanoTime;
    }

    RunProgress progress() {
        return progress;
    }

    private void run() {
        try {
            while (!closed) {
                if (doWork() == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
            while (doWork() > 0) {}
        } catch (RuntimeException e) {
            failure.remember(Path.of(RowsFile.NAME), e);
        } finally {
            closeFiles();
        }
    }

    private int doWork() {
        int work = ring.drain(onSample, DRAIN_LIMIT);
        if (startNs != Long.MIN_VALUE) {
            onTime(clock.nanoTime() - startNs);
        }
        return work;
    }

    private void onTime(long nowNs) {
        if (!begun) {
            begun = true;
            intervals.begin();
        }
        if (intervals.isOver(nowNs - GRACE_NS)) {
            roll(nowNs - GRACE_NS);
        }
    }

    private void onSample(Sample sample) {
        boolean done = sample.status != SampleStatus.UNSENT && sample.status != SampleStatus.LOST;
        if (done && intervals.isOver(sample.doneNs)) {
            roll(sample.doneNs);
        }
        counts.add(sample);
        figures.add(sample);
        intervals.add(sample);
        rows.write(sample);
    }

    private void roll(long nowNs) {
        Histogram latency = intervals.latency();
        double seconds = Math.max(nowNs - rolledAtNs, 1) / NS_PER_S;
        progress = new RunProgress(
                counts.sent(),
                counts.completed(),
                counts.failed(),
                (counts.sent() - recordedAtRoll) / seconds,
                us(Percentile.P50.of(latency)),
                us(Percentile.P99.of(latency)));
        recordedAtRoll = counts.sent();
        rolledAtNs = nowNs;
        intervals.roll(nowNs);
    }

    private static long us(long ns) {
        return ns < 0 ? -1 : Math.round(ns / NS_PER_US);
    }

    private void closeFiles() {
        intervals.close();
        rows.close();
    }

    /** Works off what is in the ring and closes the files. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        Uninterruptible.join(thread);
    }
}
