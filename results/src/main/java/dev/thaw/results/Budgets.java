package dev.thaw.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What a run must hold for its figures to be trusted, and one line for each rule that it broke. */
final class Budgets {
    /** Share of the planned starts that must have been sent. */
    static final double MIN_SENT_SHARE = 0.999;

    /** Share of the answers that may be errors of the target. */
    static final double MAX_ERROR_SHARE = 0.001;

    private static final double NS_PER_MS = 1e6;

    private Budgets() {}

    static List<String> broken(RunPlan plan, Headline headline) {
        List<String> lines = new ArrayList<>();
        lateness(plan, headline.lateness, lines);
        long lost = headline.counts.of(SampleStatus.LOST);
        if (lost > 0) {
            lines.add("lost " + lost + " of " + headline.counts.sent() + " sent invocations, budget 0");
        }
        unsent(plan, headline, lines);
        errors(headline, lines);
        if (headline.rowsDropped > 0) {
            lines.add(headline.rowsDropped + " rows dropped: the row writer could not keep up, budget 0");
        }
        return lines;
    }

    /** Of too few for a p99.9, the longest decides: strict, and said. */
    private static void lateness(RunPlan plan, Histogram lateness, List<String> lines) {
        long count = lateness.getTotalCount();
        long latenessNs = lateness.getValueAtPercentile(Percentile.P999.percent);
        if (count > 0 && latenessNs > plan.latenessBudgetNs()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "lateness p99.9 of the generator is %.3f ms%s, budget %.3f ms",
                    latenessNs / NS_PER_MS,
                    Percentile.P999.isKnown(count) ? "" : " (the longest of only " + count + ")",
                    plan.latenessBudgetNs() / NS_PER_MS));
        }
    }

    /** A target that answers with errors was not measured: an unknown function, a broken server. */
    private static void errors(Headline headline, List<String> lines) {
        long errors = headline.counts.of(SampleStatus.ERROR);
        long completed = headline.counts.completed();
        if (errors > completed * MAX_ERROR_SHARE) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%d of %d answers were errors (neither 200 nor 429), budget %.1f %%",
                    errors,
                    completed,
                    100 * MAX_ERROR_SHARE));
        }
    }

    private static void unsent(RunPlan plan, Headline headline, List<String> lines) {
        long sent = headline.counts.sent();
        if (sent < plan.plannedInvocations() * MIN_SENT_SHARE) {
            lines.add(String.format(
                    Locale.ROOT,
                    "sent %d of %d planned invocations (%.2f %%), budget 99.9 %%",
                    sent,
                    plan.plannedInvocations(),
                    100.0 * sent / plan.plannedInvocations()));
        }
    }
}
