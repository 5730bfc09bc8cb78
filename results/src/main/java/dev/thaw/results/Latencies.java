package dev.thaw.results;

import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/** One place for how durations are kept: nanoseconds, three significant digits, up to a day. */
public final class Latencies {
    static final int SIGNIFICANT_DIGITS = 3;
    /** Longer durations count as this long. */
    static final long MAX_NS = 86_400_000_000_000L;

    private Latencies() {}

    /** A histogram that never allocates once made. */
    public static Histogram fixed() {
        return new Histogram(1, MAX_NS, SIGNIFICANT_DIGITS);
    }

    /** A histogram that grows with its largest value. */
    static Histogram growing() {
        return new Histogram(SIGNIFICANT_DIGITS);
    }

    /** The same without what is below a microsecond, half the size. */
    static Histogram growingFromUs() {
        Histogram histogram = new Histogram(1_000, 2_000, SIGNIFICANT_DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** Records a duration, at most a day. */
    public static void record(AbstractHistogram histogram, long durationNs) {
        histogram.recordValue(Math.clamp(durationNs, 0, MAX_NS));
    }
}
