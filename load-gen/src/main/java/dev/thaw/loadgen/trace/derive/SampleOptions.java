package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.TraceException;

/**
 * How a sample of a trace's functions is looked for.
 *
 * @param functions how many are kept
 * @param seed of the search
 * @param trials random samples, of which the best is improved
 * @param swaps exchanges of one function for another that are tried to improve it
 */
public record SampleOptions(int functions, long seed, int trials, int swaps) {
    public static final int DEFAULT_TRIALS = 100;
    public static final int DEFAULT_SWAPS = 2_000;

    public SampleOptions {
        require("functions", functions, 1, 1_000_000);
        require("trials", trials, 1, 100_000);
        require("swaps", swaps, 0, 10_000_000);
    }

    private static void require(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new TraceException(name + ": '" + value + "', must be " + min + ".." + max);
        }
    }
}
