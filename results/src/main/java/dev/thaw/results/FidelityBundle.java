package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what {@code thaw fidelity} found out as a bundle: manifest, summary, report. */
public final class FidelityBundle {
    public static final String KIND = "fidelity";

    private FidelityBundle() {}

    /** Writes {@code runsDirectory/<utc>-<name>} and returns it. */
    public static Path write(
            FidelityRun run, String name, String command, Map<String, String> configuration, Path runsDirectory)
            throws IOException {
        return new WholeBundle(KIND, name, command, null).write(runsDirectory, (_, manifest) -> {
            WholeBundle.configure(manifest, configuration);
            return summary(run);
        });
    }

    private static ObjectNode summary(FidelityRun run) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("schema", Summary.SCHEMA).put("kind", KIND).put("backend", VirtualRecorder.BACKEND);
        List<String> missed = run.missed();
        ObjectNode verdict = root.putObject("verdict");
        verdict.put("withinBudget", missed.isEmpty());
        ArrayNode lines = verdict.putArray("overBudget");
        missed.forEach(lines::add);
        ArrayNode measures = root.putArray("measures");
        run.measures().forEach(measure -> measures.add(measure(measure)));
        root.put("virtualRun", run.virtualRun());
        root.put("virtualRuns", run.virtualRuns());
        ArrayNode live = root.putArray("liveRuns");
        run.liveRuns().forEach(each -> {
            ObjectNode node = live.addObject();
            node.put("id", each.id());
            node.set("verdict", each.summary().path("verdict"));
            node.set("hiccupUs", each.summary().path("hiccupUs"));
            node.set("latenessUs", each.summary().path("latenessUs"));
        });
        return root;
    }

    private static ObjectNode measure(FidelityRun.Measure measure) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("key", measure.key()).put("title", measure.title());
        ArrayNode live = node.putArray("live");
        measure.live().forEach(live::add);
        node.put("liveMean", measure.liveMean());
        node.put("expectedLow", measure.expectedLow()).put("expectedHigh", measure.expectedHigh());
        node.put("virtual", measure.virtualMean());
        node.put("virtualLow", measure.virtualLow()).put("virtualHigh", measure.virtualHigh());
        node.put("differencePercent", measure.differencePercent());
        node.put("goalPercent", measure.goalPercent() > 0 ? (Double) measure.goalPercent() : null);
        node.put("verdict", measure.verdict());
        return node;
    }
}
