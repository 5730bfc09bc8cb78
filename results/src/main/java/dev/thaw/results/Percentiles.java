package dev.thaw.results;

import org.HdrHistogram.AbstractHistogram;
import tools.jackson.databind.node.ObjectNode;

/**
 * The percentiles of a histogram as JSON: {@code count, p50, p90, p99, p999, max, mean}; null, not 0, where nothing was
 * counted, and where a {@link Percentile} has too few samples. A percentile is the largest value equivalent to the
 * histogram's, at most 0.1 % above the true one.
 */
public final class Percentiles {
    static final double NS_PER_US = 1000;
    /** Decimals kept: the unit's thousandth. */
    private static final double PRECISION = 1000;

    private Percentiles() {}

    /** In microseconds, of a histogram of nanoseconds. */
    public static ObjectNode us(AbstractHistogram histogramNs) {
        return of(histogramNs, NS_PER_US);
    }

    static ObjectNode of(AbstractHistogram histogram, double unit) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        long count = histogram.getTotalCount();
        node.put("count", count);
        for (Percentile percentile : Percentile.ALL) {
            put(node, percentile.key, percentile.isKnown(count), (double) percentile.of(histogram), unit);
        }
        put(node, "max", count > 0, (double) histogram.getMaxValue(), unit);
        put(node, "mean", count > 0, histogram.getMean(), unit);
        return node;
    }

    private static void put(ObjectNode node, String key, boolean known, double value, double unit) {
        if (known) {
            node.put(key, rounded(value / unit));
        } else {
            node.putNull(key);
        }
    }

    static double rounded(double value) {
        return Math.round(value * PRECISION) / PRECISION;
    }
}
