package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The interval logs of a bundle and the interval that is open. An interval is one second of the run, by the end of the
 * invocation; with many functions their own intervals are longer, so that writing them does not disturb the run.
 *
 * <p>Threading: one thread.
 */
final class Intervals implements AutoCloseable {
    static final long INTERVAL_NS = 1_000_000_000L;
    private static final int MANY_FUNCTIONS = 200;
    private static final int SECONDS_WHEN_MANY = 10;

    private final IntervalLog latencyLog;
    private final IntervalLog serviceLog;
    private final IntervalLog latenessLog;
    private final IntervalLog phasesLog;
    private final IntervalLog hiccupLog;
    private final Histogram latency = Latencies.growing();
    private final Histogram service = Latencies.growing();
    private final Histogram lateness = Latencies.growing();
    private final FunctionIntervals functions;
    private final PhaseTotals phases;
    private final HiccupMeter meter;
    private @Nullable Histogram hiccupInterval;
    private final Histogram hiccup = Latencies.fixed();
    private final long secondsPerFunctionInterval;
    private long functionsFromNs;
    private long fromNs;

    Intervals(
            Path directory,
            RunPlan plan,
            long startEpochMs,
            PhaseTotals phases,
            HiccupMeter meter,
            BundleFailure failure)
            throws IOException {
        latencyLog = new IntervalLog(
                directory, IntervalLog.LATENCY, "latency from the intended start, by function", startEpochMs, failure);
        serviceLog = new IntervalLog(directory, IntervalLog.SERVICE, "time from sent to done", startEpochMs, failure);
        latenessLog =
                new IntervalLog(directory, IntervalLog.LATENESS, "sent minus intended start", startEpochMs, failure);
        phasesLog = new IntervalLog(directory, IntervalLog.PHASES, "phases, by kind of start", startEpochMs, failure);
        hiccupLog = new IntervalLog(directory, IntervalLog.HICCUP, "late wake-ups of this host", startEpochMs, failure);
        functions = new FunctionIntervals(plan.functions());
        secondsPerFunctionInterval = plan.functions().size() > MANY_FUNCTIONS ? SECONDS_WHEN_MANY : 1;
        this.phases = phases;
        this.meter = meter;
    }

    void add(Sample sample) {
        if (sample.status != SampleStatus.UNSENT) {
            Latencies.record(lateness, sample.latenessNs());
        }
        if (sample.wasExecuted()) {
            Latencies.record(latency, sample.fromIntendedNs());
            Latencies.record(service, sample.serviceNs());
            functions.add(sample.function, Math.max(0, sample.fromIntendedNs()));
        }
    }

    boolean isOver(long nowNs) {
        return nowNs - fromNs >= INTERVAL_NS;
    }

    /** Latencies of the open interval, from the intended start. */
    Histogram latency() {
        return latency;
    }

    /** Closes the open interval and opens the one that holds {@code nowNs}. */
    void roll(long nowNs) {
        long toNs = fromNs + INTERVAL_NS;
        write(toNs);
        long nextNs = Math.max(toNs, nowNs - Math.floorMod(nowNs, INTERVAL_NS));
        if (nextNs - functionsFromNs >= secondsPerFunctionInterval * INTERVAL_NS) {
            functions.writeTo(latencyLog, functionsFromNs, toNs);
            functionsFromNs = nextNs;
        }
        fromNs = nextNs;
    }

    private void write(long toNs) {
        latencyLog.write(latency, fromNs, toNs);
        serviceLog.write(service, fromNs, toNs);
        latenessLog.write(lateness, fromNs, toNs);
        phases.writeTo(phasesLog, fromNs, toNs);
        Histogram interval = meter.takeInterval(hiccupInterval);
        hiccup.add(interval);
        hiccupLog.write(interval, fromNs, toNs);
        hiccupInterval = interval;
    }

    /** Forgets late wake-ups from before the run. */
    void begin() {
        Histogram before = meter.takeInterval(hiccupInterval);
        before.reset();
        hiccupInterval = before;
    }

    /** Late wake-ups of the intervals closed so far. */
    Histogram hiccup() {
        return hiccup;
    }

    /** Writes what is open and closes the logs. */
    @Override
    public void close() {
        long toNs = fromNs + INTERVAL_NS;
        write(toNs);
        functions.writeTo(latencyLog, functionsFromNs, toNs);
        latencyLog.close();
        serviceLog.close();
        latenessLog.close();
        phasesLog.close();
        hiccupLog.close();
    }
}
