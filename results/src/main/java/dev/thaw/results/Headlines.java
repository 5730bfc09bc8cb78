package dev.thaw.results;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A run's figures in a few lines for a terminal. */
final class Headlines {
    private static final double NS_PER_MS = 1e6;

    private Headlines() {}

    static List<String> lines(Headline headline, Histogram hiccup) {
        Counts counts = headline.counts;
        return List.of(
                String.format(
                        Locale.ROOT,
                        "invocations  %d sent, %d completed: %d ok, %d function errors, %d timed out, %d throttled,"
                                + " %d errors; %d lost",
                        counts.sent(),
                        counts.completed(),
                        counts.of(SampleStatus.OK),
                        counts.of(SampleStatus.FUNCTION_ERROR),
                        counts.of(SampleStatus.TIMED_OUT),
                        counts.of(SampleStatus.THROTTLED),
                        counts.of(SampleStatus.ERROR),
                        counts.of(SampleStatus.LOST)),
                String.format(
                        Locale.ROOT,
                        "cold starts  %d triggered, %d invocations waited behind one, %d suppressed inits",
                        counts.coldTriggers,
                        counts.coldVictims,
                        counts.suppressed),
                percentiles("latency", headline.fromIntended),
                percentiles("service", headline.service),
                percentiles("lateness", headline.lateness),
                percentiles("hiccup", hiccup));
    }

    private static String percentiles(String what, Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return String.format(Locale.ROOT, "%-12s nothing measured", what);
        }
        return String.format(
                Locale.ROOT,
                "%-12s p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f ms",
                what,
                histogram.getValueAtPercentile(50) / NS_PER_MS,
                histogram.getValueAtPercentile(90) / NS_PER_MS,
                histogram.getValueAtPercentile(99) / NS_PER_MS,
                histogram.getValueAtPercentile(99.9) / NS_PER_MS,
                histogram.getMaxValue() / NS_PER_MS);
    }
}
