package dev.thaw.results;

import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.PackedHistogram;
import org.jspecify.annotations.Nullable;

/** One function's share of a run. Packed histograms where a run has many functions: small, and slow to write to. */
final class FunctionTotals {
    /** Slowdown is kept in thousandths. */
    static final double SLOWDOWN_UNIT = 1000;

    final RunPlan.RunFunction function;
    final Counts counts = new Counts();
    final Usage usage = new Usage();
    /** As the server's records say; else as planned, 0 where that is not known either. */
    int memoryMib;

    final AbstractHistogram latency;
    final AbstractHistogram slowdown;

    /** Null before the first: most functions of a large run are warm throughout. */
    @Nullable
    ColdPhases coldPhases;

    /** How long extensions kept its environments busy after answers; null before the first. */
    @Nullable
    PackedHistogram extensionOverhang;

    FunctionTotals(RunPlan.RunFunction function) {
        this(
                function,
                new PackedHistogram(Latencies.SIGNIFICANT_DIGITS),
                new PackedHistogram(Latencies.SIGNIFICANT_DIGITS));
    }

    private FunctionTotals(RunPlan.RunFunction function, AbstractHistogram latency, AbstractHistogram slowdown) {
        this.function = function;
        this.latency = latency;
        this.slowdown = slowdown;
        memoryMib = function.memoryMib();
    }

    /** Takes some hundred KB, and a tenth of the time. */
    static FunctionTotals quick(RunPlan.RunFunction function) {
        return new FunctionTotals(function, Latencies.growingFromUs(), Latencies.growing());
    }

    /** @param slowdownMilli of the sample, see {@link #slowdownMilli} */
    void add(Sample sample, long slowdownMilli) {
        counts.add(sample);
        if (sample.wasExecuted()) {
            Latencies.record(latency, sample.fromIntendedNs());
        }
        if (sample.serverKnown) {
            usage.add(sample.server);
            memoryMib = sample.server.memoryMib > 0 ? sample.server.memoryMib : memoryMib;
            addColdStart(sample);
            addOverhang(sample.server.extensionOverhangNs);
        }
        if (slowdownMilli >= 0) {
            slowdown.recordValue(slowdownMilli);
        }
    }

    private void addColdStart(Sample sample) {
        if (sample.wasExecuted() && StartKind.of(sample.server) == StartKind.COLD) {
            ColdPhases phases = coldPhases == null ? new ColdPhases() : coldPhases;
            phases.add(sample.server);
            coldPhases = phases;
        }
    }

    private void addOverhang(long overhangNs) {
        if (overhangNs >= 0) {
            PackedHistogram overhang =
                    extensionOverhang == null ? new PackedHistogram(Latencies.SIGNIFICANT_DIGITS) : extensionOverhang;
            Latencies.record(overhang, overhangNs);
            extensionOverhang = overhang;
        }
    }

    /**
     * Latency from the intended start over the handler's own time, in thousandths; -1 where that time is not known. What
     * trace papers call slowdown, with the measured in place of the requested duration.
     */
    static long slowdownMilli(Sample sample) {
        long invokeNs = sample.server.phasesNs[Phase.INVOKE.ordinal()];
        if (!sample.serverKnown || !sample.wasExecuted() || invokeNs <= 0) {
            return -1;
        }
        double slowdown = sample.fromIntendedNs() / (double) invokeNs;
        return Math.clamp(Math.round(slowdown * SLOWDOWN_UNIT), 0, Latencies.MAX_NS);
    }
}
