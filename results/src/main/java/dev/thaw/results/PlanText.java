package dev.thaw.results;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A plan on the terminal. Its figures are those of the summary. */
final class PlanText {
    private static final int MIB_PER_GIB = 1_024;

    private final PlanRun plan;
    private final StringBuilder out = new StringBuilder();

    PlanText(PlanRun plan) {
        this.plan = plan;
        line("objectives: " + String.join(", ", plan.objectives()));
        bound();
        answer();
        figures();
        whatIf();
        memory();
        line("intervals: " + plan.confidence());
        line("simulated: " + plan.trials().size() + " fleets in the search");
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void bound() {
        plan.assumed().forEach(note -> line("assumed: " + note));
        plan.bound().notes().forEach(note -> line("bound: " + note));
        plan.impossible().forEach(note -> line("impossible: " + note));
    }

    private void answer() {
        PlanRun.Fleet fleet = plan.fleet();
        line((plan.holds() ? "plan: " : "no plan within " + hosts(plan.maxHosts()) + "; the best reached: ")
                + hosts(fleet.hosts()) + " of " + memory(plan.host().memoryMib()) + " and "
                + PlanFigure.text(plan.host().milliVcpus() / 1_000.0) + " vCPUs, "
                + settings(fleet.settings()));
        fleet.broken().forEach(each -> line("breaks: " + each));
    }

    private void figures() {
        line("");
        line("| figure | plan | 95 % interval |");
        line("| --- | ---: | ---: |");
        row("hosts", plan.hosts());
        for (PlanFigure figure : PlanFigure.ALL) {
            PlanRun.Interval interval = plan.figures().get(figure.key);
            if (interval != null) {
                row(figure.title, interval);
            }
        }
        line("");
    }

    private void row(String title, PlanRun.Interval interval) {
        line("| " + title + " | " + PlanFigure.text(interval.value()) + " | " + interval(interval) + " |");
    }

    private static String interval(PlanRun.Interval interval) {
        return interval(interval.low(), interval.high());
    }

    /** What is known of the ends: {@code 12 to 17}, {@code 15 or more}, nothing. */
    static String interval(@Nullable Double low, @Nullable Double high) {
        if (low == null) {
            return high == null ? "" : PlanFigure.text(high) + " or fewer";
        }
        return PlanFigure.text(low) + (high == null ? " or more" : " to " + PlanFigure.text(high));
    }

    private void whatIf() {
        PlanRun.Fleet fewer = plan.oneFewer();
        if (fewer == null) {
            line("a host lost: there is no other, nothing is served");
        } else {
            line("a host lost (" + hosts(fewer.hosts()) + "): "
                    + (fewer.broken().isEmpty() ? "holds all objectives" : "breaks " + joined(fewer.broken())));
        }
        if (plan.holds()) {
            line("N+1: " + hosts(plan.oneMore().hosts()) + ", of which any may be lost; with all of them: "
                    + (plan.oneMore().broken().isEmpty()
                            ? "holds all objectives"
                            : "breaks " + joined(plan.oneMore().broken())));
        }
    }

    private void memory() {
        PlanRun.Memory memory = plan.memory();
        memory.notes().forEach(note -> line("memory: " + note));
        if (memory.functions().isEmpty()) {
            return;
        }
        line("");
        line(
                "| function | CPU, % | MiB now | MiB chosen | sure, % | latency now, ms | then | then by now | USD now | then"
                        + " | then by now | |");
        line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        memory.functions()
                .forEach(each -> line("| "
                        + String.join(
                                " | ",
                                List.of(
                                        each.function(),
                                        percent(each.cpuPart()),
                                        Integer.toString(each.memoryMib()),
                                        Integer.toString(each.chosenMib()),
                                        percent(each.chosenIn().get(each.chosenMib())),
                                        withInterval(each.latencyMs().getFirst()),
                                        withInterval(each.latencyMs().getLast()),
                                        withInterval(each.latencyRatio()),
                                        withInterval(each.usd().getFirst()),
                                        withInterval(each.usd().getLast()),
                                        withInterval(each.usdRatio()),
                                        verdict(each.verdict(), each.chosenMib(), each.chosenIn(), each.tooFew())))
                        + " |"));
        line("");
        tails(memory);
        PlanRun.Fleet together = memory.together();
        if (together != null) {
            line("memory, all of it: "
                    + (together.broken().isEmpty() ? "holds all objectives" : "breaks " + joined(together.broken()))
                    + ", " + PlanFigure.text(together.figure(PlanFigure.USD)) + " USD");
        }
    }

    private void tails(PlanRun.Memory memory) {
        line("| function | p50 now, ms | then | p99 now, ms | then |");
        line("| --- | ---: | ---: | ---: | ---: |");
        for (PlanRun.Sizing each : memory.functions()) {
            StringBuilder row = new StringBuilder("| ").append(each.function());
            each.percentilesMs()
                    .values()
                    .forEach(percentile ->
                            percentile.forEach(of -> row.append(" | ").append(withInterval(of))));
            line(row.append(" |").toString());
        }
        line("");
    }

    /** {@code 38.1 (37.9 to 38.4)}. */
    private static String withInterval(PlanRun.@Nullable Interval interval) {
        if (interval == null) {
            return "";
        }
        String ends = interval(interval);
        return PlanFigure.text(interval.value()) + (ends.isEmpty() ? "" : " (" + ends + ")");
    }

    /** With the sizes that other draws choose, or why nothing was drawn. */
    static String verdict(String verdict, int chosenMib, SortedMap<Integer, Double> chosenIn, @Nullable String tooFew) {
        StringBuilder words = new StringBuilder(verdict);
        chosenIn.forEach((mib, share) -> {
            if (mib != chosenMib) {
                words.append("; ")
                        .append(mib)
                        .append(" MiB in ")
                        .append(percent(share))
                        .append(" %");
            }
        });
        return tooFew == null ? words.toString() : words + "; no intervals: " + tooFew;
    }

    private static String percent(@Nullable Double part) {
        return part == null ? "unknown" : PlanFigure.text(part * 100);
    }

    private static String joined(List<String> parts) {
        return String.join(", ", parts);
    }

    static String hosts(int count) {
        return count == 1 ? "1 host" : count + " hosts";
    }

    static String memory(int mib) {
        return mib % MIB_PER_GIB == 0 ? mib / MIB_PER_GIB + " GiB" : mib + " MiB";
    }

    /** {@code keep-alive 10m, placement mru}. */
    static String settings(SortedMap<String, String> settings) {
        StringBuilder words = new StringBuilder();
        settings.forEach((key, value) -> words.append(words.isEmpty() ? "" : ", ")
                .append(key.equals("keepAlive") ? "keep-alive" : key)
                .append(' ')
                .append(value));
        return words.toString();
    }
}
