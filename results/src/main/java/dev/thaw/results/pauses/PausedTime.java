package dev.thaw.results.pauses;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The time that pauses take together: what they have in common counts once.
 *
 * <p>Threading: immutable.
 */
public final class PausedTime {
    private final long[] fromNs;
    private final long[] toNs;

    private PausedTime(long[] fromNs, long[] toNs) {
        this.fromNs = fromNs;
        this.toNs = toNs;
    }

    public static PausedTime of(List<Pause> pauses) {
        long[] from = new long[pauses.size()];
        long[] to = new long[pauses.size()];
        int size = 0;
        for (Pause pause :
                pauses.stream().sorted(Comparator.comparingLong(Pause::fromNs)).toList()) {
            if (size > 0 && pause.fromNs() <= to[size - 1]) {
                to[size - 1] = Math.max(to[size - 1], pause.toNs());
            } else {
                from[size] = pause.fromNs();
                to[size++] = pause.toNs();
            }
        }
        return new PausedTime(Arrays.copyOf(from, size), Arrays.copyOf(to, size));
    }

    /** How much of the time between the two was paused. */
    public long within(long startNs, long endNs) {
        int at = Arrays.binarySearch(toNs, startNs);
        long sumNs = 0;
        for (int i = at < 0 ? -at - 1 : at; i < fromNs.length && fromNs[i] < endNs; i++) {
            sumNs += Math.max(0, Math.min(endNs, toNs[i]) - Math.max(startNs, fromNs[i]));
        }
        return sumNs;
    }
}
