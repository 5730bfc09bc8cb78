package dev.thaw.loadgen.trace;

/**
 * How a trace is read.
 *
 * @param windowNs the first part of the trace that is replayed, in the trace's own time; {@link Long#MAX_VALUE} for all
 * @param speedup starts are divided by this; durations stay
 * @param seed of whatever the trace leaves open: arrivals inside a minute, durations inside percentiles
 * @param defaultMemoryMib memory of functions for which the trace has none
 * @param defaultDurationUs duration of functions for which the trace has none
 * @param arrivals how a minute's arrivals are spread over it, where the trace has only their number
 * @param skipBrokenRows leave out rows that cannot be used, and count them; otherwise the first one is refused
 */
public record TraceOptions(
        long windowNs,
        double speedup,
        long seed,
        int defaultMemoryMib,
        int defaultDurationUs,
        StepArrivals arrivals,
        boolean skipBrokenRows) {
    /** In-Vitro's choice for Azure 2021, which has no memory. */
    public static final int DEFAULT_MEMORY_MIB = 200;
    /** Median of the published fit of Azure 2019's durations, LogNormal(mu = -0.38) s. */
    public static final int DEFAULT_DURATION_US = 683_861;

    public TraceOptions {
        if (windowNs <= 0) {
            throw new TraceException("duration: '" + windowNs + "' ns, must be more than 0");
        }
        if (!(speedup >= 1e-6 && speedup <= 1e6)) {
            throw new TraceException("speedup: '" + speedup + "', must be 0.000001..1000000");
        }
        if (defaultMemoryMib < TraceFunction.MIN_MEMORY_MIB || defaultMemoryMib > TraceFunction.MAX_MEMORY_MIB) {
            throw new TraceException("default memory: '" + defaultMemoryMib + "' MiB, must be 128..10240");
        }
    }

    public static TraceOptions defaults() {
        return new TraceOptions(
                Long.MAX_VALUE, 1, 1, DEFAULT_MEMORY_MIB, DEFAULT_DURATION_US, StepArrivals.POISSON, false);
    }

    public TraceOptions withWindowNs(long ns) {
        return new TraceOptions(ns, speedup, seed, defaultMemoryMib, defaultDurationUs, arrivals, skipBrokenRows);
    }

    public TraceOptions withSpeedup(double factor) {
        return new TraceOptions(windowNs, factor, seed, defaultMemoryMib, defaultDurationUs, arrivals, skipBrokenRows);
    }

    public TraceOptions withSeed(long newSeed) {
        return new TraceOptions(
                windowNs, speedup, newSeed, defaultMemoryMib, defaultDurationUs, arrivals, skipBrokenRows);
    }

    public TraceOptions withArrivals(StepArrivals spread) {
        return new TraceOptions(windowNs, speedup, seed, defaultMemoryMib, defaultDurationUs, spread, skipBrokenRows);
    }

    public TraceOptions withSkipBrokenRows(boolean skip) {
        return new TraceOptions(windowNs, speedup, seed, defaultMemoryMib, defaultDurationUs, arrivals, skip);
    }

    /** When the run starts what the trace started at {@code traceNs}. */
    long runNs(long traceNs) {
        return speedup == 1 ? traceNs : (long) (traceNs / speedup);
    }
}
