package dev.thaw.results;

import org.HdrHistogram.Histogram;

/**
 * Phases of the invocations whose server told them, apart by {@link StartKind}. Histograms hold only invocations in
 * which the phase took time; sums cover all, so that mean phases add up to the mean total.
 *
 * <p>Threading: one thread.
 */
final class PhaseTotals {
    private static final int PHASES = Phase.ALL.length;

    private final Histogram[] totals = new Histogram[StartKind.ALL.length * PHASES];
    private final Histogram[] intervals = new Histogram[totals.length];
    private final long[] sumsNs = new long[totals.length];
    private final long[] counts = new long[StartKind.ALL.length];
    private final long[] outsideNs = new long[StartKind.ALL.length];
    private final Histogram[] service = new Histogram[StartKind.ALL.length];

    PhaseTotals() {
        for (StartKind kind : StartKind.ALL) {
            service[kind.ordinal()] = Latencies.growing();
            for (Phase phase : Phase.ALL) {
                int cell = cell(kind, phase);
                totals[cell] = Latencies.growing();
                intervals[cell] = Latencies.growing();
                intervals[cell].setTag(kind.key() + "." + phase.key());
            }
        }
    }

    void add(Sample sample) {
        StartKind kind = StartKind.of(sample.server);
        counts[kind.ordinal()]++;
        outsideNs[kind.ordinal()] += sample.serviceNs() - sample.server.phasesSumNs();
        Latencies.record(service[kind.ordinal()], sample.serviceNs());
        for (Phase phase : Phase.ALL) {
            long phaseNs = sample.server.phasesNs[phase.ordinal()];
            if (phaseNs > 0) {
                int cell = cell(kind, phase);
                sumsNs[cell] += phaseNs;
                Latencies.record(intervals[cell], phaseNs);
            }
        }
    }

    /** Writes and empties the open interval; only then do its values count in {@link #of}. */
    void writeTo(IntervalLog log, long fromNs, long toNs) {
        for (int cell = 0; cell < intervals.length; cell++) {
            if (intervals[cell].getTotalCount() > 0) {
                totals[cell].add(intervals[cell]);
                log.write(intervals[cell], fromNs, toNs);
            }
        }
    }

    long count(StartKind kind) {
        return counts[kind.ordinal()];
    }

    Histogram of(StartKind kind, Phase phase) {
        return totals[cell(kind, phase)];
    }

    /** Time from sent to done of this kind's invocations. */
    Histogram service(StartKind kind) {
        return service[kind.ordinal()];
    }

    long sumNs(StartKind kind, Phase phase) {
        return sumsNs[cell(kind, phase)];
    }

    /** Time from sent to done that no phase covers. */
    long outsideSumNs(StartKind kind) {
        return outsideNs[kind.ordinal()];
    }

    /** All kinds together. */
    Histogram of(Phase phase) {
        Histogram all = Latencies.growing();
        for (StartKind kind : StartKind.ALL) {
            all.add(of(kind, phase));
        }
        return all;
    }

    private static int cell(StartKind kind, Phase phase) {
        return kind.ordinal() * PHASES + phase.ordinal();
    }
}
