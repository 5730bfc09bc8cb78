package dev.thaw.results.statistics;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * How the units of two sides stand to each other. A's units come first, then B's.
 *
 * @param a how many units A has
 * @param b how many units B has
 * @param paired the nth of A and the nth of B met the same conditions: they are drawn and exchanged together
 * @param serial neighbours follow each other in time and may be alike
 */
public record Design(int a, int b, boolean paired, boolean serial) {
    private static final double DRAWN = 0.75;

    public Design {
        if (a < 1 || b < 1) {
            throw new IllegalArgumentException("units: " + a + " of A and " + b + " of B, must be at least 1 each");
        }
        if (paired && a != b) {
            throw new IllegalArgumentException("paired units: " + a + " of A and " + b + " of B, must be as many");
        }
    }

    public int units() {
        return a + b;
    }

    int smallerSide() {
        return Math.min(a, b);
    }

    /** The least p that exchanging these units can give, two-sided. */
    public double smallestP() {
        return paired ? Math.min(1, Math.pow(0.5, a - 1.0)) : Math.min(1, 2 * splits(a, b));
    }

    /**
     * The fewest pairs whose test can give a p below this one. As p is counted in draws, a quarter of it is left to their
     * chance.
     */
    public static int pairsFor(double p) {
        int pairs = 1;
        while (new Design(pairs, pairs, true, false).smallestP() > DRAWN * p) {
            pairs++;
        }
        return pairs;
    }

    /** One over the number of ways to deal a + b units into these sides. */
    private static double splits(int a, int b) {
        double share = 1;
        for (int i = 1; i <= Math.min(a, b); i++) {
            share *= (double) i / (Math.max(a, b) + i);
        }
        return share;
    }

    static UniformRandomProvider random(long seed) {
        return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    }

    /** Draws as many units as each side has, with replacement. */
    void draw(UniformRandomProvider random, int[] weightsA, int[] weightsB) {
        clear(weightsA, weightsB);
        for (int i = 0; i < a; i++) {
            int unit = random.nextInt(a);
            weightsA[unit]++;
            if (paired) {
                weightsB[a + unit]++;
            }
        }
        for (int i = 0; !paired && i < b; i++) {
            weightsB[a + random.nextInt(b)]++;
        }
    }

    /** Deals the units to the sides anew, as if it did not matter which side they came from. */
    void exchange(UniformRandomProvider random, int[] weightsA, int[] weightsB) {
        clear(weightsA, weightsB);
        if (paired) {
            for (int i = 0; i < a; i++) {
                boolean swapped = random.nextBoolean();
                weightsA[swapped ? a + i : i] = 1;
                weightsB[swapped ? i : a + i] = 1;
            }
            return;
        }
        int owed = a; // selection sampling: exactly a of all units
        for (int unit = 0; unit < a + b; unit++) {
            boolean toA = random.nextInt(a + b - unit) < owed;
            (toA ? weightsA : weightsB)[unit] = 1;
            owed -= toA ? 1 : 0;
        }
    }

    private static void clear(int[] weightsA, int[] weightsB) {
        java.util.Arrays.fill(weightsA, 0);
        java.util.Arrays.fill(weightsB, 0);
    }
}
