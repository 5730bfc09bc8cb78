package dev.thaw.results;

import dev.thaw.results.cost.CostPerMillion;
import dev.thaw.results.cost.RunCost;
import dev.thaw.results.pauses.Pauses;
import dev.thaw.results.pauses.RunPauses;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Builds {@code summary.json} of a load or a replay. Times in microseconds; null where nothing can be known. */
final class Summary {
    static final String NAME = "summary.json";
    static final int SCHEMA = 1;
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_MS = 1e6;

    private final RunPlan plan;
    private final Headline headline;
    private final Figures figures;
    private final RunCost cost;
    private final Emulation emulation;
    private final ObjectNode root = Json.MAPPER.createObjectNode();

    Summary(RunPlan plan, Headline headline, Figures figures, RunCost cost) {
        this.plan = plan;
        this.headline = headline;
        this.figures = figures;
        this.cost = cost;
        emulation = Emulation.of(plan, headline.counts);
    }

    ObjectNode build(
            Histogram hiccup, @Nullable ServerMetrics serverMetrics, RunPauses pauses, List<String> overBudget) {
        root.put("schema", SCHEMA).put("kind", plan.kind()).put("backend", plan.backend());
        root.put("isolation", plan.isolation());
        // What somebody else's server ran on is not ours to say where it does not.
        root.put("emulated", emulation == Emulation.UNKNOWN ? null : (Boolean) emulation.isAny());
        root.put(Emulation.KEY, emulation.key());
        verdict(overBudget);
        invocations();
        ObjectNode latency = root.putObject("latencyUs");
        latency.set("fromIntended", Percentiles.us(headline.fromIntended));
        latency.set("service", Percentiles.us(headline.service));
        root.set("latenessUs", Percentiles.us(headline.lateness));
        root.set("hiccupUs", Percentiles.us(hiccup));
        root.set("extensionOverhangUs", overhang(figures.extensionOverhang));
        root.set("slowdown", Percentiles.of(figures.slowdown, FunctionTotals.SLOWDOWN_UNIT));
        coldStarts();
        root.set(FaultFigures.KEY, FaultFigures.of(plan, headline.counts));
        phases();
        root.set(TailFigures.KEY, figures.tails.toJson(headline, figures.phases, pauses));
        root.set(PauseFigures.KEY, PauseFigures.of(plan, pauses));
        usage();
        window();
        ArrayNode functions = root.putArray("functions");
        figures.functions.forEach(each -> functions.add(function(each)));
        // Its pauses are told apart, on the run's clock.
        root.set(
                "serverMetrics",
                Json.MAPPER.valueToTree(serverMetrics == null ? null : serverMetrics.withPauses(Pauses.NONE)));
        return root;
    }

    private void verdict(List<String> overBudget) {
        ObjectNode verdict = root.putObject("verdict");
        verdict.put("withinBudget", overBudget.isEmpty());
        ArrayNode lines = verdict.putArray("overBudget");
        overBudget.forEach(lines::add);
        verdict.put("latenessBudgetUs", plan.latenessBudgetNs() / Percentiles.NS_PER_US);
        verdict.put("minSentShare", Budgets.MIN_SENT_SHARE);
        verdict.put("rowsDropped", headline.rowsDropped);
    }

    private void invocations() {
        Counts counts = headline.counts;
        ObjectNode node = root.putObject("invocations");
        node.put("planned", plan.plannedInvocations());
        node.put("sent", counts.sent());
        node.put("completed", counts.completed());
        statuses(node, counts);
        node.put("unsent", counts.unsent(plan));
        node.put("outOfMemory", counts.outOfMemory);
    }

    private static void statuses(ObjectNode node, Counts counts) {
        node.put("ok", counts.of(SampleStatus.OK));
        node.put("functionErrors", counts.of(SampleStatus.FUNCTION_ERROR));
        node.put("throttled", counts.of(SampleStatus.THROTTLED));
        node.put("timedOut", counts.of(SampleStatus.TIMED_OUT));
        node.put("errors", counts.of(SampleStatus.ERROR));
        node.put("lost", counts.of(SampleStatus.LOST));
    }

    private void coldStarts() {
        Counts counts = headline.counts;
        ObjectNode node = root.putObject("coldStarts");
        node.put("triggered", counts.coldTriggers);
        node.put("victims", counts.coldVictims);
        node.put("suppressedInits", counts.suppressed);
        node.set("delayedUs", Percentiles.us(figures.delayedByInit));
        node.set("warmUs", Percentiles.us(figures.warm));
    }

    /** Null where no extension worked on after an answer. */
    private static JsonNode overhang(@Nullable AbstractHistogram overhang) {
        return overhang == null || overhang.getTotalCount() == 0 ? Json.MAPPER.nullNode() : Percentiles.us(overhang);
    }

    private void phases() {
        ObjectNode all = root.putObject("phasesUs");
        for (Phase phase : Phase.ALL) {
            all.set(phase.key(), Percentiles.us(figures.phases.of(phase)));
        }
        ObjectNode byStart = root.putObject("phasesByStart");
        for (StartKind kind : StartKind.ALL) {
            byStart.set(kind.key(), phasesOf(kind));
        }
    }

    private ObjectNode phasesOf(StartKind kind) {
        PhaseTotals phases = figures.phases;
        ObjectNode node = Json.MAPPER.createObjectNode();
        long count = phases.count(kind);
        node.put("count", count);
        node.set("serviceUs", Percentiles.us(phases.service(kind)));
        ObjectNode means = node.putObject("meanUs");
        for (Phase phase : Phase.ALL) {
            means.put(phase.key(), meanUs(phases.sumNs(kind, phase), count));
        }
        means.put("outside", meanUs(phases.outsideSumNs(kind), count));
        ObjectNode each = node.putObject("phasesUs");
        for (Phase phase : Phase.ALL) {
            each.set(phase.key(), Percentiles.us(phases.of(kind, phase)));
        }
        return node;
    }

    private static double meanUs(long sumNs, long count) {
        return count == 0 ? 0 : Percentiles.rounded(sumNs / Percentiles.NS_PER_US / count);
    }

    private void usage() {
        putUsage(root, figures.usage);
        Usage usage = figures.usage;
        root.set(RunCost.KEY, cost.toJson());
        root.set(CostPerMillion.KEY, cost.perMillion());
        ObjectNode cpu = root.putObject("cpu");
        putKnown(cpu, "throttledMs", usage.throttledKnown, usage.throttledNs / NS_PER_MS);
        putKnown(cpu, "throttledInvocations", usage.throttledKnown, (double) usage.throttledInvocations);
        putKnown(cpu, "cpuMs", usage.cpuKnown, usage.cpuNs / NS_PER_MS);
        putKnown(cpu, "peakMemoryMib", usage.peakMemoryBytes < 0 ? 0 : 1, usage.peakMemoryBytes / (double) (1 << 20));
    }

    private static void putUsage(ObjectNode node, Usage usage) {
        node.put("serverRecords", usage.known);
        putKnown(node, "gbSeconds", usage.known, usage.gbSeconds);
        if (usage.known == 0) {
            node.putNull("billedMs");
        } else {
            node.put("billedMs", usage.billedMs);
        }
    }

    private static void putKnown(ObjectNode node, String key, long known, double value) {
        if (known == 0) {
            node.putNull(key);
        } else {
            node.put(key, value);
        }
    }

    private void window() {
        ObjectNode window = root.putObject("window");
        window.put("plannedSeconds", plan.durationNs() / NS_PER_S);
        putKnown(window, "firstIntendedSeconds", figures.firstIntendedNs + 1, figures.firstIntendedNs / NS_PER_S);
        putKnown(window, "lastDoneSeconds", figures.lastDoneNs + 1, figures.lastDoneNs / NS_PER_S);
        ArrayNode windows = root.putArray("windows");
        double widthSeconds = figures.windows.widthNs / NS_PER_S;
        double fromSeconds = 0;
        for (var latency : figures.windows.latencies()) {
            ObjectNode each = windows.addObject();
            each.put("fromSeconds", fromSeconds);
            fromSeconds += widthSeconds;
            each.put("toSeconds", fromSeconds);
            each.set("latencyUs", Percentiles.us(latency));
        }
    }

    private static ObjectNode function(FunctionTotals totals) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        Counts counts = totals.counts;
        node.put("name", totals.function.name());
        node.put("memoryMib", totals.memoryMib > 0 ? (Integer) totals.memoryMib : null);
        node.put("architecture", totals.function.architecture());
        node.put("invocations", counts.recorded());
        statuses(node, counts);
        node.put("unsent", counts.of(SampleStatus.UNSENT));
        node.put("coldTriggers", counts.coldTriggers);
        node.put("coldVictims", counts.coldVictims);
        node.put("suppressedInits", counts.suppressed);
        ColdPhases coldPhases = totals.coldPhases;
        node.set("coldStart", coldPhases == null ? Json.MAPPER.nullNode() : coldPhases.toJson());
        node.set("extensionOverhangUs", overhang(totals.extensionOverhang));
        node.set("latencyUs", Percentiles.us(totals.latency));
        node.set("slowdown", Percentiles.of(totals.slowdown, FunctionTotals.SLOWDOWN_UNIT));
        putUsage(node, totals.usage);
        putKnown(node, "throttledMs", totals.usage.throttledKnown, totals.usage.throttledNs / NS_PER_MS);
        return node;
    }
}
