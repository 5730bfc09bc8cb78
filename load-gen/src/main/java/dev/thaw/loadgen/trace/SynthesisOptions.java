package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
 * @param arrivals how each function's invocations arrive
 * @param cdfs folder of published distribution functions to draw from instead of the published fits
 */
public record SynthesisOptions(
        long seed,
        int functions,
        long durationNs,
        double ratePerSec,
        double concurrency,
        int maxDurationUs,
        int maxMemoryMib,
        Arrivals arrivals,
        @Nullable Path cdfs) {
    private static final double MAX_DURATION_NS = 31 * 86_400e9;

    /** How a function's invocations arrive. */
    public enum Arrivals {
        /** Three functions of ten by a timer, the others independently; from published distributions, by their IAT CV. */
        MIXED,
        /** Independently. */
        POISSON,
        /** One anywhere in each period. */
        UNIFORM,
        /** At even distances. */
        CONSTANT,
        /** In bunches: distances are gamma, of a CV of 4. */
        BURSTY;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads a command line's word. */
        public static Arrivals of(String word) {
            for (Arrivals arrivals : values()) {
                if (arrivals.key().equals(word)) {
                    return arrivals;
                }
            }
            String known = Arrays.stream(values()).map(Arrivals::key).collect(Collectors.joining(", "));
            throw new TraceException("arrivals: '" + word + "', must be one of " + known);
        }
    }

    public SynthesisOptions {
        require("functions", functions, 1, 100_000);
        require("duration ns", (double) durationNs, 1, MAX_DURATION_NS);
        require("max duration us", maxDurationUs, 1_000, TraceNotes.MAX_DURATION_US);
        require("max memory MiB", maxMemoryMib, TraceFunction.MIN_MEMORY_MIB, TraceFunction.MAX_MEMORY_MIB);
        require("rate", ratePerSec, 1e-6, 1e6);
        require("concurrency", concurrency, 1e-6, 1e6);
    }

    /** Arrivals of all kinds, from the published fits. */
    public SynthesisOptions(
            long seed,
            int functions,
            long durationNs,
            double ratePerSec,
            double concurrency,
            int maxDurationUs,
            int maxMemoryMib) {
        this(seed, functions, durationNs, ratePerSec, concurrency, maxDurationUs, maxMemoryMib, Arrivals.MIXED, null);
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
