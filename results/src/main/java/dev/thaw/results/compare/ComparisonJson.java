package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import dev.thaw.results.statistics.RatioEstimate;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A comparison for scripts: everything that was found, {@code null} where nothing can be known. */
public final class ComparisonJson {
    static final int SCHEMA = 1;
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ComparisonJson() {}

    /** With the gate's decision, where there is a gate. */
    public static String text(Comparison comparison, @Nullable Gate gate) {
        return MAPPER.writeValueAsString(tree(comparison, gate)) + "\n";
    }

    /** The same as a tree. */
    public static ObjectNode tree(Comparison comparison, @Nullable Gate gate) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("schema", SCHEMA).put("kind", "comparison");
        runs(root.putArray("a"), comparison.a());
        runs(root.putArray("b"), comparison.b());
        ArrayNode differences = root.putArray("differences");
        comparison
                .differences()
                .forEach(each -> differences
                        .addObject()
                        .put("what", each.what())
                        .put("a", each.a())
                        .put("b", each.b())
                        .put("matters", each.matters()));
        ArrayNode notes = root.putArray("notes");
        comparison.notes().forEach(notes::add);
        design(root.putObject("design"), comparison);
        ArrayNode metrics = root.putArray("metrics");
        comparison.findings().forEach(each -> put(metrics.addObject(), each));
        shift(root, comparison.shift());
        rows(root.putArray("groups"), comparison.groups());
        rows(root.putArray("rows"), comparison.cells());
        if (gate == null) {
            root.putNull("gate");
        } else {
            gate(root.putObject("gate"), gate, comparison);
        }
        return root;
    }

    private static void runs(ArrayNode target, List<RunBundle> runs) {
        runs.forEach(run -> target.addObject().put("id", run.id()).put("kind", run.kind()));
    }

    private static void design(ObjectNode node, Comparison comparison) {
        node.put("unitsA", comparison.design().a())
                .put("unitsB", comparison.design().b());
        node.put("unit", comparison.unitText());
        node.put("paired", comparison.design().paired());
        node.put("confidence", RatioEstimate.CONFIDENCE)
                .put("level", comparison.settings().level())
                .put("power", Finding.POWER);
        node.put("seed", comparison.settings().seed());
        node.put("draws", comparison.settings().draws());
        node.put("exchanges", comparison.settings().exchanges());
    }

    private static void shift(ObjectNode root, @Nullable ShiftFunction shift) {
        if (shift == null) {
            root.putNull("shift");
            return;
        }
        ObjectNode node = root.putObject("shift");
        node.put("metric", shift.metric()).put("unit", shift.unit());
        ArrayNode points = node.putArray("points");
        for (ShiftFunction.Point point : shift.points()) {
            ObjectNode each = points.addObject().put("share", point.share());
            put(each, "a", point.estimate().a());
            put(each, "b", point.estimate().b());
            put(each, "ratio", point.estimate().ratio());
            put(each, "low", point.estimate().low());
            put(each, "high", point.estimate().high());
        }
    }

    private static void rows(ArrayNode target, SortedMap<String, List<Finding>> rows) {
        rows.forEach((name, findings) ->
                findings.forEach(each -> put(target.addObject().put("row", name), each)));
    }

    private static ObjectNode put(ObjectNode node, Finding finding) {
        RatioEstimate estimate = finding.estimate();
        node.put("metric", finding.metric().name()).put("unit", finding.metric().unit());
        node.put("better", finding.metric().lowerIsBetter() ? "lower" : "higher");
        put(node, "a", estimate.a());
        put(node, "b", estimate.b());
        put(node, "ratio", estimate.ratio());
        put(node, "low", estimate.low());
        put(node, "high", estimate.high());
        put(node, "p", estimate.p());
        put(node, "pHolm", finding.pHolm());
        node.put("verdict", finding.verdict().key());
        put(node, "detectable", finding.detectable());
        node.put("tooFewUnits", finding.couldShowNothing());
        return node;
    }

    private static void put(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        } else {
            node.putNull(key);
        }
    }

    /** A gate that could not have stopped anything lets nothing pass either. */
    private static void gate(ObjectNode node, Gate gate, Comparison comparison) {
        List<Gate.Stop> stops = gate.stops(comparison);
        node.put("limit", gate.limit()).put("level", gate.level());
        if (gate.canStop(comparison)) {
            node.put("passes", stops.isEmpty());
        } else {
            node.putNull("passes");
        }
        ArrayNode each = node.putArray("stops");
        stops.forEach(stop -> put(each.addObject().put("row", stop.row()), stop.finding()));
    }
}
