package dev.thaw.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The table of a bake-off: combinations of policies, each figure as its mean over seeds and how far these lie apart. */
final class BakeoffSummary {
    private static final double DIGITS = 1e6;

    private final List<SweepCell> cells;
    private final List<Combination> combinations = new ArrayList<>();

    /** The same policies with all seeds. */
    private record Combination(Map<String, String> policies, List<SweepCell> cells) {
        double mean(BakeoffFigure figure) {
            return cells.stream()
                    .mapToDouble(cell -> cell.figure(figure))
                    .average()
                    .orElse(0);
        }

        double low(BakeoffFigure figure) {
            return cells.stream().mapToDouble(cell -> cell.figure(figure)).min().orElse(0);
        }

        double high(BakeoffFigure figure) {
            return cells.stream().mapToDouble(cell -> cell.figure(figure)).max().orElse(0);
        }

        /** No other has fewer cold starts for no more idle memory, or less of it for no more cold starts. */
        boolean isBest(List<Combination> all) {
            return all.stream().noneMatch(other -> other.beats(this));
        }

        private boolean beats(Combination other) {
            double cold = mean(BakeoffFigure.COLD_PERCENT) - other.mean(BakeoffFigure.COLD_PERCENT);
            double idle = mean(BakeoffFigure.IDLE_GB_S) - other.mean(BakeoffFigure.IDLE_GB_S);
            return cold <= 0 && idle <= 0 && (cold < 0 || idle < 0);
        }
    }

    BakeoffSummary(List<SweepCell> cells) {
        this.cells = cells.stream()
                .sorted(Comparator.comparing((SweepCell cell) -> new TreeMap<>(cell.policies()).toString())
                        .thenComparingLong(SweepCell::seed))
                .toList();
        Map<Map<String, String>, List<SweepCell>> byPolicies = new LinkedHashMap<>();
        this.cells.forEach(cell -> byPolicies
                .computeIfAbsent(cell.policies(), _ -> new ArrayList<>())
                .add(cell));
        byPolicies.forEach((policies, of) -> combinations.add(new Combination(policies, of)));
        combinations.sort(Comparator.comparingDouble(each -> each.mean(BakeoffFigure.COLD_PERCENT)));
    }

    ObjectNode build() {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("schema", Summary.SCHEMA).put("kind", BakeoffBundle.KIND).put("backend", VirtualRecorder.BACKEND);
        ObjectNode verdict = root.putObject("verdict");
        verdict.put("withinBudget", true);
        verdict.putArray("overBudget");
        ArrayNode table = root.putArray("combinations");
        combinations.forEach(each -> table.add(combination(each)));
        ArrayNode all = root.putArray("cells");
        cells.forEach(cell -> all.add(cell(cell)));
        return root;
    }

    private ObjectNode combination(Combination combination) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        putPolicies(node, combination.policies());
        node.put("best", combination.isBest(combinations));
        node.put("seeds", combination.cells().size());
        ObjectNode figures = node.putObject("figures");
        for (BakeoffFigure figure : BakeoffFigure.ALL) {
            ObjectNode each = figures.putObject(figure.key);
            each.put("mean", rounded(combination.mean(figure)));
            each.put("low", combination.low(figure));
            each.put("high", combination.high(figure));
        }
        return node;
    }

    /** Sums of other orders differ in their last digits. */
    private static double rounded(double value) {
        return Math.round(value * DIGITS) / DIGITS;
    }

    static ObjectNode cell(SweepCell cell) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        putPolicies(node, cell.policies());
        node.put("seed", cell.seed());
        node.put("invocations", cell.invocations());
        ObjectNode figures = node.putObject("figures");
        for (BakeoffFigure figure : BakeoffFigure.ALL) {
            figures.put(figure.key, cell.figure(figure));
        }
        // Those of a plan.
        new TreeMap<>(cell.figures()).forEach((key, value) -> {
            if (!figures.has(key)) {
                figures.put(key, value);
            }
        });
        return node;
    }

    private static void putPolicies(ObjectNode node, Map<String, String> policies) {
        ObjectNode names = node.putObject("policies");
        new TreeMap<>(policies).forEach(names::put);
    }

    /** What all policies together are called. */
    static String name(Map<String, String> policies) {
        StringJoiner name = new StringJoiner(" ");
        new TreeMap<>(policies).values().forEach(name::add);
        return name.toString();
    }

    String markdown() {
        StringBuilder out = new StringBuilder("| policies |");
        StringBuilder line = new StringBuilder("| --- |");
        for (BakeoffFigure figure : BakeoffFigure.ALL) {
            out.append(' ').append(figure.title).append(" |");
            line.append(" ---: |");
        }
        out.append('\n').append(line).append('\n');
        for (Combination each : combinations) {
            out.append("| ")
                    .append(name(each.policies()))
                    .append(each.isBest(combinations) ? " \\*" : "")
                    .append(" |");
            for (BakeoffFigure figure : BakeoffFigure.ALL) {
                out.append(' ').append(spread(each, figure)).append(" |");
            }
            out.append('\n');
        }
        return out.append("\nMean of ")
                .append(
                        combinations.isEmpty()
                                ? 0
                                : combinations.getFirst().cells().size())
                .append(" seeds (lowest to highest). \\*: no other has fewer cold starts for no more idle memory.\n")
                .toString();
    }

    private static String spread(Combination combination, BakeoffFigure figure) {
        String mean = number(combination.mean(figure));
        String low = number(combination.low(figure));
        String high = number(combination.high(figure));
        return low.equals(high) ? mean : mean + " (" + low + " to " + high + ")";
    }

    private static String number(double value) {
        return value >= 1_000 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.3g", value);
    }
}
