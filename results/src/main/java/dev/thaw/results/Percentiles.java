package dev.thaw.results;

import org.HdrHistogram.AbstractHistogram;
import tools.jackson.databind.node.ObjectNode;

/**
 * The percentiles of a histogram as JSON: {@code count, p50, p90, p99, p999, max, mean}; null, not 0, where nothing was
 * counted. A percentile is the largest value equivalent to the histogram's, at most 0.1 % above the true one.
 */
final class Percentiles {
    static final double NS_PER_US = 1000;
    /** Decimals kept: the unit's thousandth. */
    private static final double PRECISION = 1000;

    private Percentiles() {}

    static ObjectNode us(AbstractHistogram histogramNs) {
        return of(histogramNs, NS_PER_US);
    }

    static ObjectNode of(AbstractHistogram histogram, double unit) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        long count = histogram.getTotalCount();
        node.put("count", count);
        put(node, "p50", count, (double) histogram.getValueAtPercentile(50), unit);
        put(node, "p90", count, (double) histogram.getValueAtPercentile(90), unit);
        put(node, "p99", count, (double) histogram.getValueAtPercentile(99), unit);
        put(node, "p999", count, (double) histogram.getValueAtPercentile(99.9), unit);
        put(node, "max", count, (double) histogram.getMaxValue(), unit);
        put(node, "mean", count, histogram.getMean(), unit);
        return node;
    }

    private static void put(ObjectNode node, String key, long count, double value, double unit) {
        if (count == 0) {
            node.putNull(key);
        } else {
            node.put(key, rounded(value / unit));
        }
    }

    static double rounded(double value) {
        return Math.round(value * PRECISION) / PRECISION;
    }
}
