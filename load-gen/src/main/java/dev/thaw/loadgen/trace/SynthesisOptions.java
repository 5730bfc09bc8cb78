package dev.thaw.loadgen.trace;

/**
 * What a synthetic trace is like. The defaults are for a laptop with two cores.
 *
 * @param seed of everything
 * @param functions how many
 * @param durationNs how long the trace lasts
 * @param ratePerSec most invocations a second on average, all functions together
 * @param concurrency most invocations under way on average: the rate is lowered to hold it
 * @param maxDurationUs no invocation is longer
 * @param maxMemoryMib no function is larger
 */
public record SynthesisOptions(
        long seed,
        int functions,
        long durationNs,
        double ratePerSec,
        double concurrency,
        int maxDurationUs,
        int maxMemoryMib) {
    public SynthesisOptions {
        require("functions", functions, 1, 100_000);
        require("duration ns", (double) durationNs, 1, 86_400e9);
        require("max duration us", maxDurationUs, 1_000, TraceNotes.MAX_DURATION_US);
        require("max memory MiB", maxMemoryMib, TraceFunction.MIN_MEMORY_MIB, TraceFunction.MAX_MEMORY_MIB);
        require("rate", ratePerSec, 1e-6, 1e6);
        require("concurrency", concurrency, 1e-6, 1e6);
    }

    /** One minute for {@code demo}. */
    public static SynthesisOptions demo(long seed) {
        return new SynthesisOptions(seed, 36, 60_000_000_000L, 30, 6, 2_000_000, 1024);
    }

    private static void require(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new TraceException(name + ": '" + value + "', must be " + min + ".." + max);
        }
    }
}
