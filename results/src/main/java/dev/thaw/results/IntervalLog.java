package dev.thaw.results;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * One {@code .hlog} of a bundle: HdrHistogram's interval log, version 1.3, values in ns, the Interval_Max column in ms,
 * start times in seconds since the run's start. HdrHistogram's own tools read it.
 *
 * <p>Threading: one thread.
 */
final class IntervalLog implements AutoCloseable {
    static final String LATENCY = "latency.hlog";
    static final String SERVICE = "service.hlog";
    static final String LATENESS = "lateness.hlog";
    static final String PHASES = "phases.hlog";
    static final String HICCUP = "hiccup.hlog";

    private static final int BUFFER_BYTES = 1 << 16;
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_MS = 1e6;
    private static final double MS_PER_S = 1e3;
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern(
                    "EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final PrintStream out;
    private final HistogramLogWriter writer;

    IntervalLog(Path directory, String name, String what, long startEpochMs, BundleFailure failure) throws IOException {
        WatchedStream file = WatchedStream.open(directory.resolve(name), failure);
        out = new PrintStream(new BufferedOutputStream(file, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        writer = new HistogramLogWriter(out);
        writer.outputComment("[" + what + ", in ns; Interval_Max in ms]");
        writer.outputLogFormatVersion();
        writer.outputComment(startTime(startEpochMs));
        writer.outputLegend();
    }

    /** As {@link HistogramLogWriter#outputStartTime} words it, but in UTC: the same run has the same bytes everywhere. */
    private static String startTime(long epochMs) {
        return String.format(
                Locale.ROOT,
                "[StartTime: %.3f (seconds since epoch), %s]",
                epochMs / MS_PER_S,
                UTC.format(Instant.ofEpochMilli(epochMs)));
    }

    /** Writes the interval under its tag where it holds anything, and empties it; it keeps its tag. */
    void write(AbstractHistogram interval, long fromNs, long toNs) {
        if (interval.getTotalCount() > 0) {
            writer.outputIntervalHistogram(fromNs / NS_PER_S, toNs / NS_PER_S, interval, NS_PER_MS);
            String tag = interval.getTag();
            interval.reset(); // forgets the tag as well
            interval.setTag(tag);
        }
    }

    /** A tag that the log can hold: commas and white space end a field there. */
    static String tag(String name) {
        return name.replaceAll("[,\\s]", "_");
    }

    @Override
    public void close() {
        out.close();
    }
}
