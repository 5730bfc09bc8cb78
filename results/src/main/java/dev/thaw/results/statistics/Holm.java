package dev.thaw.results.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's step-down correction: keeps the chance of even one false finding among all tests below the level. */
public final class Holm {
    private Holm() {}

    /** The p values as they count among all of them, in the same order; each at least what it was. */
    public static double[] adjust(double[] p) {
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        double most = 0;
        for (int rank = 0; rank < order.length; rank++) {
            most = Math.max(most, Math.min(1, (p.length - rank) * p[order[rank]]));
            adjusted[order[rank]] = most;
        }
        return adjusted;
    }
}
