package dev.thaw.cli.virtual;

import dev.thaw.results.Phase;
import dev.thaw.results.Sample;
import dev.thaw.results.SampleStatus;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a live and a simulated run of the same minutes are compared by; taken from samples, wherever these come from. */
final class RunFigures {
    private static final int DIGITS = 3;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private final Histogram latency = new Histogram(DIGITS);
    private final Histogram added = new Histogram(DIGITS);
    private long invocations;
    private long triggers;
    private long victims;
    private long suppressed;
    private long queued;
    private long queuedNs;
    private long cpuNs;

    /** @param plannedNs what the trace asked for */
    void add(Sample sample, long plannedNs) {
        if (sample.status != SampleStatus.OK || !sample.serverKnown) {
            return;
        }
        invocations++;
        latency.recordValue(Math.max(0, sample.fromIntendedNs()));
        added.recordValue(Math.max(0, sample.fromIntendedNs() - Math.max(0, plannedNs)));
        triggers += sample.server.coldTrigger ? 1 : 0;
        victims += sample.server.coldVictim ? 1 : 0;
        suppressed += sample.server.suppressedInit ? 1 : 0;
        long queueNs = sample.server.phasesNs[Phase.QUEUE.ordinal()];
        queued += queueNs >= NS_PER_MS ? 1 : 0;
        queuedNs += queueNs;
        cpuNs += Math.max(0, sample.server.cpuNs);
    }

    Map<FidelityMeasure, Double> values() {
        Map<FidelityMeasure, Double> values = new EnumMap<>(FidelityMeasure.class);
        values.put(FidelityMeasure.INVOCATIONS, (double) invocations);
        values.put(FidelityMeasure.COLD_STARTS, (double) triggers);
        values.put(FidelityMeasure.DELAYED_BY_INIT, (double) (triggers + victims + suppressed));
        values.put(FidelityMeasure.QUEUED, (double) queued);
        values.put(FidelityMeasure.QUEUED_S, queuedNs / NS_PER_S);
        values.put(FidelityMeasure.LATENCY_P50_MS, ms(latency, 50));
        values.put(FidelityMeasure.LATENCY_P99_MS, ms(latency, 99));
        values.put(FidelityMeasure.ADDED_P50_MS, ms(added, 50));
        values.put(FidelityMeasure.ADDED_P99_MS, ms(added, 99));
        values.put(FidelityMeasure.CPU_S, cpuNs / NS_PER_S);
        return values;
    }

    private static double ms(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NS_PER_MS;
    }
}
