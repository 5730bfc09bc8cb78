package dev.thaw.results;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What makes a sweep's bundle that of a plan. */
public final class PlanBundle {
    public static final String KIND = "plan";

    private PlanBundle() {}

    /** Writes summary and report; returns the plan as text for the terminal. */
    public static String finish(SweepBundle bundle, PlanRun plan) throws IOException {
        bundle.finish(summary(plan));
        return new PlanText(plan).toString();
    }

    static ObjectNode summary(PlanRun plan) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("schema", Summary.SCHEMA).put("kind", KIND).put("backend", VirtualRecorder.BACKEND);
        ObjectNode verdict = root.putObject("verdict");
        verdict.put("withinBudget", plan.holds());
        ArrayNode lines = verdict.putArray("overBudget");
        over(plan).forEach(lines::add);
        ObjectNode found = Json.MAPPER.valueToTree(plan);
        root.setAll(found);
        return root;
    }

    private static List<String> over(PlanRun plan) {
        return plan.holds() ? List.of() : plan.fleet().broken();
    }
}
