package dev.thaw.loadgen.trace;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Splits one seed into a stream for each name and number, so that one function's randomness does not depend on which
 * other functions there are.
 */
public final class Seeds {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private Seeds() {}

    /** 64-bit FNV-1a of the text. */
    public static long of(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash, 0);
    }

    /** SplitMix64's finalizer over both: every bit of either decides every bit of the result. */
    public static long mix(long seed, long number) {
        long z = seed + (number + 1) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** The stream of that number. */
    public static UniformRandomProvider random(long seed, long stream) {
        return RandomSource.XO_SHI_RO_256_PP.create(mix(seed, stream));
    }

    /** Cheap to make: for a few draws out of a very large number of streams. */
    static UniformRandomProvider smallRandom(long seed, long stream) {
        return RandomSource.SPLIT_MIX_64.create(mix(seed, stream));
    }
}
