package dev.thaw.results;

import dev.thaw.results.pauses.PauseLog;
import dev.thaw.results.pauses.PauseWatch;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Records how late this host wakes a thread that asks for one millisecond of sleep, after jHiccup: the shortest wake-up
 * seen is taken as the sleep itself, and a long hiccup also counts for every wake-up that it swallowed. What it shows
 * any thread of this machine may have suffered.
 *
 * <p>Threading: its own thread {@code thaw-hiccup}; {@link #takeInterval} on one other.
 */
final class HiccupMeter implements AutoCloseable {
    static final long RESOLUTION_NS = 1_000_000L;

    private final RunClock clock;
    private final PauseLog log;
    private final SingleWriterRecorder recorder =
            new SingleWriterRecorder(1, Latencies.MAX_NS, Latencies.SIGNIFICANT_DIGITS);
    private final Thread thread;
    private volatile boolean closed;
    private long shortestNs = Long.MAX_VALUE;

    /** Long ones go into the log as well, with their time. */
    HiccupMeter(RunClock clock, PauseLog log) {
        this.clock = clock;
        this.log = log;
        thread = Thread.ofPlatform().name("thaw-hiccup").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long beforeNs = clock.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(RESOLUTION_NS);
            long afterNs = clock.nanoTime();
            onWakeUp(afterNs - beforeNs);
            PauseWatch.onWakeUp(log, beforeNs + RESOLUTION_NS, afterNs);
            beforeNs = afterNs;
        }
    }

    /** Takes one sleep's measured length. */
    void onWakeUp(long sleptNs) {
        shortestNs = Math.min(shortestNs, sleptNs);
        long lateNs = Math.min(sleptNs - shortestNs, Latencies.MAX_NS);
        recorder.recordValueWithExpectedInterval(lateNs, RESOLUTION_NS);
    }

    /** What was recorded since the last call; the histogram given is reused. */
    Histogram takeInterval(@Nullable Histogram recycled) {
        return recorder.getIntervalHistogram(recycled);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        Uninterruptible.join(thread);
    }
}
