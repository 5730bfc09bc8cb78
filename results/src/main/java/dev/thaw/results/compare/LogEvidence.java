package dev.thaw.results.compare;

import dev.thaw.results.CauseText;
import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.DoubleHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.jspecify.annotations.Nullable;

/** Reads the interval logs of a run that has no rows: an interval belongs to the stretch that its middle lies in. */
final class LogEvidence {
    private static final double NS_PER_S = 1e9;
    private static final String LATENCY = "latency.hlog";
    /** Moments in a log are whole milliseconds. */
    private static final double ROUNDING = 0.01;

    private final RunBundle run;
    private final int stretches;

    private LogEvidence(RunBundle run, int stretches) {
        this.run = run;
        this.stretches = stretches;
    }

    /** Takes an interval of a log. */
    @FunctionalInterface
    private interface Interval {
        void take(@Nullable String tag, double fromS, double toS, Histogram values);
    }

    /** Fails with one line that names the file. */
    static Evidence read(RunBundle run, int stretches) throws IOException {
        return new LogEvidence(run, stretches).read();
    }

    /** Puts the latencies of all invocations, where the run has their log, in place of those that are there. */
    static void replaceLatencies(RunBundle run, Timeline timeline) throws IOException {
        if (!Files.exists(run.directory().resolve(LATENCY))) {
            return;
        }
        for (int stretch = 0; stretch < timeline.stretches(); stretch++) {
            timeline.latencies(stretch).reset();
        }
        new LogEvidence(run, timeline.stretches()).each(LATENCY, (tag, fromS, toS, values) -> {
            if (tag == null) {
                timeline.latencies(stretch(timeline, fromS, toS)).add(values);
            }
        });
    }

    private Evidence read() throws IOException {
        double durationNs = durationNs();
        Timeline timeline = new Timeline(stretchesOf(durationNs), durationNs);
        each(LATENCY, (tag, fromS, toS, values) -> {
            int stretch = stretch(timeline, fromS, toS);
            if (tag == null) {
                timeline.latencies(stretch).add(values);
                timeline.add(Timeline.Sum.DONE_IN_TIME, stretch, (double) values.getTotalCount());
            } else {
                ValueList list = timeline.function(tag)[stretch];
                values.recordedValues()
                        .forEach(each -> list.add(each.getValueIteratedTo(), each.getCountAtValueIteratedTo()));
            }
        });
        each("lateness.hlog", (tag, fromS, toS, values) -> {
            if (tag == null) {
                timeline.latenesses(stretch(timeline, fromS, toS)).add(values);
            }
        });
        each("phases.hlog", (tag, fromS, toS, values) -> {
            for (Phase phase : Phase.ALL) {
                if (tag != null && tag.endsWith("." + phase.key())) {
                    timeline.phase(phase)[stretch(timeline, fromS, toS)].add(values);
                }
            }
        });
        return timeline.evidence();
    }

    /** No more than there are intervals: stretches between them would hold nothing. */
    private int stretchesOf(double durationNs) throws IOException {
        List<Double> widths = new ArrayList<>();
        each(LATENCY, (tag, fromS, toS, _) -> {
            if (tag == null && toS > fromS) {
                widths.add((toS - fromS) * NS_PER_S);
            }
        });
        widths.sort(null);
        double usual = widths.isEmpty() ? 0 : widths.get(widths.size() / 2);
        return usual > 0 ? (int) Math.clamp(Math.floor(durationNs / usual + ROUNDING), 1, stretches) : stretches;
    }

    private static int stretch(Timeline timeline, double fromS, double toS) {
        return timeline.stretchAt(Math.round((fromS + toS) / 2 * NS_PER_S));
    }

    /** As planned, or up to the last interval. */
    private double durationNs() throws IOException {
        double planned = run.manifest().path("durationNs").asDouble(0);
        List<Double> last = new ArrayList<>(List.of(planned / NS_PER_S));
        if (!(planned > 0)) {
            each(LATENCY, (_, _, toS, _) -> last.set(0, Math.max(last.getFirst(), toS)));
        }
        if (!(last.getFirst() > 0)) {
            throw new IOException(
                    run.directory() + ": neither rows, nor samples, nor latency.hlog: nothing to compare");
        }
        return last.getFirst() * NS_PER_S;
    }

    private void each(String name, Interval interval) throws IOException {
        Path file = run.directory().resolve(name);
        if (!Files.exists(file)) {
            return;
        }
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                double startS = reader.getStartTimeSec();
                double fromS = next.getStartTimeStamp() / 1e3 - startS;
                double toS = next.getEndTimeStamp() / 1e3 - startS;
                if (next instanceof DoubleHistogram) {
                    throw new IOException(file + ": holds histograms of fractions: whole nanoseconds are read");
                }
                interval.take(next.getTag(), fromS, toS, (Histogram) next);
            }
        } catch (RuntimeException e) {
            throw new IOException(file + ": not an interval log: " + CauseText.of(e), e);
        }
    }
}
