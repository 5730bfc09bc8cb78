package dev.thaw.results;

import org.HdrHistogram.AbstractHistogram;

/**
 * The percentiles that are told, each only where at least one sample lies beyond it: with fewer it would be the longest
 * by another name.
 */
enum Percentile {
    P50("p50", "p50", 50, 1),
    P90("p90", "p90", 90, 10),
    P99("p99", "p99", 99, 100),
    P999("p999", "p99.9", 99.9, 1_000);

    static final Percentile[] ALL = values();

    /** Its name in JSON. */
    final String key;
    /** Its name for people. */
    final String title;

    final double percent;
    /** So many samples it needs. */
    final long minCount;

    Percentile(String key, String title, double percent, long minCount) {
        this.key = key;
        this.title = title;
        this.percent = percent;
        this.minCount = minCount;
    }

    boolean isKnown(long count) {
        return count >= minCount;
    }

    /** In the histogram's unit, or -1 where it holds too few samples. */
    long of(AbstractHistogram histogram) {
        return isKnown(histogram.getTotalCount()) ? histogram.getValueAtPercentile(percent) : -1;
    }
}
