package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/**
 * The interval logs of a simulation. Intervals are long enough that there are no more than some hundreds of them, so that
 * the logs of two weeks are as small as those of ten minutes; functions have one interval each, the whole run.
 *
 * <p>Threading: one thread.
 */
final class VirtualIntervals implements AutoCloseable {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MAX_INTERVALS = 720;
    private static final long[] WIDTHS_SEC = {1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 21_600, 86_400};
    /** Virtual time begins at 0, which is also the date of the log. */
    private static final long EPOCH_MS = 0;

    private final IntervalLog latencyLog;
    private final IntervalLog phasesLog;
    private final PhaseTotals phases;
    private final Histogram open = Latencies.growing();
    private final long widthNs;
    private long fromNs;
    private long toNs;

    VirtualIntervals(Path directory, long widthNs, PhaseTotals phases, BundleFailure failure) throws IOException {
        this.widthNs = widthNs;
        this.phases = phases;
        toNs = widthNs;
        latencyLog = new IntervalLog(
                directory, IntervalLog.LATENCY, "latency from arrival, in virtual time", EPOCH_MS, failure);
        phasesLog = new IntervalLog(
                directory, IntervalLog.PHASES, "phases, by kind of start, in virtual time", EPOCH_MS, failure);
    }

    /** A width that cuts so much into no more than some hundreds. */
    static long widthNs(long durationNs) {
        for (long seconds : WIDTHS_SEC) {
            if (durationNs <= MAX_INTERVALS * seconds * SECOND_NS) {
                return seconds * SECOND_NS;
            }
        }
        return WIDTHS_SEC[WIDTHS_SEC.length - 1] * SECOND_NS;
    }

    long widthNs() {
        return widthNs;
    }

    void add(long latencyNs) {
        Latencies.record(open, latencyNs);
    }

    boolean isOver(long nowNs) {
        return nowNs >= toNs;
    }

    /** Closes the open interval, adds it to {@code total}, and opens the one that holds {@code nowNs}. */
    void roll(Histogram total, long nowNs) {
        write(total);
        fromNs = Math.max(toNs, nowNs - Math.floorMod(nowNs, widthNs));
        toNs = fromNs + widthNs;
    }

    private void write(Histogram total) {
        total.add(open);
        latencyLog.write(open, fromNs, toNs);
        phases.writeTo(phasesLog, fromNs, toNs);
    }

    /** Writes what is open, and each function's latencies as one interval. */
    void finish(Histogram total, List<FunctionTotals> functions) {
        write(total);
        for (FunctionTotals function : functions) {
            AbstractHistogram all = function.latency.copy();
            all.setTag(IntervalLog.tag(function.function.name()));
            latencyLog.write(all, 0, toNs);
        }
    }

    @Override
    public void close() {
        latencyLog.close();
        phasesLog.close();
    }
}
