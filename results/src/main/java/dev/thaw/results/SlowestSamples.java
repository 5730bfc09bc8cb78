package dev.thaw.results;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Keeps the slowest invocations of a run, however many there are: as many as its slowest thousandth needs, within bounds.
 *
 * <p>Threading: one thread.
 */
final class SlowestSamples {
    /** What is explained, of all. */
    static final double SHARE = 0.001;
    /** So many at least, where ten times as many ran. */
    static final int LEAST = 20;

    static final int MOST = 10_000;
    /** So many are shown, each by itself. */
    static final int SHOWN = 50;

    /** The same run keeps the same ones in the same order, also where times are equal. */
    private static final Comparator<Sample> QUICKEST_FIRST = Comparator.comparingLong(Sample::fromIntendedNs)
            .thenComparing(Comparator.comparingLong((Sample sample) -> sample.intendedStartNs)
                    .thenComparingInt(sample -> sample.function)
                    .reversed());

    private final int capacity;
    private final PriorityQueue<Sample> kept = new PriorityQueue<>(QUICKEST_FIRST);
    private long seen;

    /** @param planned invocations; 0 where nobody knows */
    SlowestSamples(long planned) {
        capacity = planned == 0 ? MOST : Math.clamp((long) Math.ceil(planned * SHARE), SHOWN, MOST);
    }

    /** Takes one that ran. Copies what it keeps. */
    void add(Sample sample) {
        seen++;
        Sample quickest = kept.peek();
        if (quickest == null || kept.size() < capacity) {
            keep(new Sample(), sample);
        } else if (QUICKEST_FIRST.compare(sample, quickest) > 0) {
            kept.poll();
            keep(quickest, sample);
        }
    }

    private void keep(Sample carrier, Sample sample) {
        carrier.copyFrom(sample);
        kept.add(carrier);
    }

    /** How many ran. */
    long seen() {
        return seen;
    }

    /** How many of them make the tail. */
    int tail() {
        long thousandth = (long) Math.ceil(seen * SHARE);
        return (int) Math.min(Math.max(thousandth, Math.min(LEAST, Math.ceilDiv(seen, 10))), kept.size());
    }

    List<Sample> slowestFirst() {
        return kept.stream().sorted(QUICKEST_FIRST.reversed()).toList();
    }
}
