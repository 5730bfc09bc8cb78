package dev.thaw.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/** A run's figures in a few lines for a terminal. */
final class Headlines {
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private Headlines() {}

    static List<String> lines(RunPlan plan, Headline headline, Histogram hiccup) {
        List<String> lines = new ArrayList<>();
        lines.add(invocations(plan, headline.counts));
        lines.add(coldStarts(headline.counts));
        FaultFigures.line(plan, headline.counts).ifPresent(lines::add);
        lines.add(percentiles("latency", headline.fromIntended));
        lines.add(percentiles("service", headline.service));
        lines.add(percentiles("lateness", headline.lateness));
        lines.add(percentiles("hiccup", hiccup));
        lines.add("             latency: from the intended start, of those that ran (ok, function errors, timed out);");
        lines.add("             service: from sent; lateness: sent minus intended start; hiccup: late wake-ups of this"
                + " host;");
        if (lines.stream().anyMatch(line -> line.contains(" - "))) {
            lines.add("             -: too few samples for it, p90 needs 10, p99 100, p99.9 1000");
        }
        lines.add("isolation    " + plan.isolation()
                + (Emulation.of(plan, headline.counts).isAny()
                        ? "; emulated: its speed says nothing about the real processor"
                        : ""));
        return lines;
    }

    /** Of a simulation: no generator, no network, no host. */
    static List<String> virtual(RunPlan plan, Headline headline) {
        return List.of(
                invocations(plan, headline.counts),
                coldStarts(headline.counts),
                percentiles("latency", headline.fromIntended));
    }

    private static String invocations(RunPlan plan, Counts counts) {
        return String.format(
                Locale.ROOT,
                "invocations  %d planned, %d sent, %d completed: %d ok, %d function errors, %d timed out, %d throttled,"
                        + " %d errors; %d lost, %d unsent",
                plan.plannedInvocations(),
                counts.sent(),
                counts.completed(),
                counts.of(SampleStatus.OK),
                counts.of(SampleStatus.FUNCTION_ERROR),
                counts.of(SampleStatus.TIMED_OUT),
                counts.of(SampleStatus.THROTTLED),
                counts.of(SampleStatus.ERROR),
                counts.of(SampleStatus.LOST),
                counts.unsent(plan));
    }

    private static String coldStarts(Counts counts) {
        return String.format(
                Locale.ROOT,
                "cold starts  %d triggered, %d invocations waited behind one, %d suppressed inits",
                counts.coldTriggers,
                counts.coldVictims,
                counts.suppressed);
    }

    static String percentiles(String what, AbstractHistogram histogram) {
        long count = histogram.getTotalCount();
        if (count == 0) {
            return String.format(Locale.ROOT, "%-12s nothing measured", what);
        }
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-12s", what));
        for (Percentile percentile : Percentile.ALL) {
            line.append(String.format(Locale.ROOT, " %s %-10s", percentile.title, duration(percentile.of(histogram))));
        }
        return line.append(String.format(Locale.ROOT, " max %-10s of %d", duration(histogram.getMaxValue()), count))
                .toString();
    }

    /** Three significant digits, as the histograms hold. */
    private static String duration(long ns) {
        if (ns < 0) {
            return "-";
        }
        if (ns < NS_PER_MS) {
            return Html.number(ns / NS_PER_US) + " us";
        }
        return ns < NS_PER_S ? Html.number(ns / NS_PER_MS) + " ms" : Html.number(ns / NS_PER_S) + " s";
    }
}
