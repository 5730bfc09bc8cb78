package dev.thaw.results.compare;

import dev.thaw.results.statistics.PooledValues;

/** A percentile that is compared, where at least one sample lies beyond it on either side. */
enum Tail {
    P50("p50", 0.5),
    P90("p90", 0.9),
    P99("p99", 0.99),
    P999("p999", 0.999);

    private static final double ROUNDING = 1e-9;

    final String title;
    final double share;

    Tail(String title, double share) {
        this.title = title;
        this.share = share;
    }

    boolean isKnown(long count) {
        return count * (1 - share) >= 1 - ROUNDING;
    }

    boolean hasInterval(long count) {
        return PooledValues.hasInterval(count, 1 - share);
    }
}
