package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.HotPath;

/**
 * Random numbers by name instead of by turn: each is a hash of the seed, the function, the ordinal of an invocation or
 * environment among those of the function, and the purpose. So nothing that a policy decides moves any other draw.
 */
final class Draws {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private final long seed;

    Draws(long seed) {
        this.seed = mix(seed + GOLDEN);
    }

    @HotPath
    long bits(int functionId, long ordinal, Purpose purpose) {
        long stream = mix(seed ^ ((long) functionId << 8 | purpose.ordinal()) * GOLDEN);
        return mix(stream + ordinal * GOLDEN);
    }

    /** A second number that is as good as independent of the first. */
    @HotPath
    static long again(long bits) {
        return mix(bits + GOLDEN);
    }

    /** In [0, 1). */
    @HotPath
    static double unit(long bits) {
        return (bits >>> 11) * UNIT;
    }

    /** In (0, 1]. */
    @HotPath
    static double positiveUnit(long bits) {
        return ((bits >>> 11) + 1) * UNIT;
    }

    /* Stafford's variant 13 of the finisher of MurmurHash3, as SplitMix64 uses it over a Weyl sequence
     * (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). */
    @HotPath
    private static long mix(long value) {
        long once = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
