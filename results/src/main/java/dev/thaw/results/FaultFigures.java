package dev.thaw.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run says of the faults that were injected into it on purpose: the plan and its seed, where the server was its
 * own, and what the records of the invocations told, whoever's server it was.
 */
final class FaultFigures {
    /** In the summary and in the manifest. */
    static final String KEY = "faults";

    private FaultFigures() {}

    /** Plan and seed; null without a plan of its own. */
    static ObjectNode planned(RunPlan plan) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        boolean known = hasPlan(plan);
        node.put("plan", known ? plan.configuration().get(RunPlan.FAULTS_KEY) : null);
        String seed = plan.configuration().get(RunPlan.FAULT_SEED_KEY);
        node.put("seed", known && seed != null ? (Long) Long.parseLong(seed) : null);
        return node;
    }

    private static boolean hasPlan(RunPlan plan) {
        return !plan.configuration()
                .getOrDefault(RunPlan.FAULTS_KEY, RunPlan.NO_FAULTS)
                .equals(RunPlan.NO_FAULTS);
    }

    static ObjectNode of(RunPlan plan, Counts counts) {
        ObjectNode node = planned(plan);
        node.put("invocations", counts.faulted);
        ObjectNode injected = node.putObject("injected");
        for (InjectedFault fault : InjectedFault.ALL) {
            if (counts.faults[fault.ordinal()] > 0) {
                injected.put(fault.key(), counts.faults[fault.ordinal()]);
            }
        }
        return node;
    }

    /** For a terminal; empty where there is nothing to tell. */
    static Optional<String> line(RunPlan plan, Counts counts) {
        if (!hasPlan(plan) && counts.faulted == 0) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT, "faults       injected on purpose: %s", words(of(plan, counts), counts.serverKnown)));
    }

    private static String words(JsonNode faults, long known) {
        List<String> each = new ArrayList<>();
        faults.path("injected")
                .properties()
                .forEach(entry -> each.add(entry.getValue().asLong() + " " + entry.getKey()));
        String injected = faults.path("invocations").asLong() + " of " + known + " invocations"
                + (each.isEmpty() ? "" : ": " + String.join(", ", each));
        JsonNode plan = faults.path("plan");
        return plan.isString()
                ? injected + " (plan " + plan.asString() + ", seed "
                        + faults.path("seed").asLong() + ")"
                : injected + " (the server's plan)";
    }

    /** For the report's first screen; empty where there is nothing to tell. */
    static String warning(JsonNode summary) {
        JsonNode faults = summary.path(KEY);
        if (!faults.path("plan").isString() && faults.path("invocations").asLong(0) == 0) {
            return "";
        }
        return "<p><span class=\"badge\">faults</span> Injected on purpose into "
                + Html.escape(words(faults, summary.path("serverRecords").asLong(0)))
                + ". Compare only with runs of the same plan (<code>summary.json: faults</code>).</p>";
    }
}
