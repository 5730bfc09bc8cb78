package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What a run of microbenchmarks knows: a cell for each benchmark with its parameters. Its units are forks where there
 * are at least four, since iterations of one fork share what its compiler did; otherwise iterations.
 */
final class JmhEvidence {
    private static final int ENOUGH_FORKS = 4;
    private static final Set<String> MORE_IS_BETTER = Set.of("thrpt");
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private JmhEvidence() {}

    static Evidence read(RunBundle run, int stretches) throws IOException {
        Evidence evidence = Evidence.of(1, List.of());
        for (JsonNode result : run.json(RunBundle.JMH)) {
            String mode = result.path("mode").asString("");
            JsonNode primary = result.path("primaryMetric");
            boolean more = MORE_IS_BETTER.contains(mode);
            String cell = cell(result);
            put(evidence, cell, more ? "throughput" : "time", !more, primary, stretches);
            JsonNode secondary = result.path("secondaryMetrics");
            JsonNode allocation = secondary.path(ALLOCATION);
            put(
                    evidence,
                    cell,
                    "allocation",
                    true,
                    allocation.isMissingNode() ? secondary.path("·" + ALLOCATION) : allocation,
                    stretches);
        }
        return evidence;
    }

    private static String cell(JsonNode result) {
        Map<String, String> params = new TreeMap<>();
        result.path("params")
                .properties()
                .forEach(each -> params.put(each.getKey(), each.getValue().asString("")));
        String name = result.path("benchmark").asString("unknown");
        String threads = result.path("threads").asInt(1) == 1
                ? ""
                : " threads=" + result.path("threads").asInt(1);
        return name
                + threads
                + params.entrySet().stream()
                        .map(each -> " " + each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining());
    }

    private static void put(
            Evidence evidence, String cell, String name, boolean lower, JsonNode metric, int stretches) {
        List<double[]> forks = new ArrayList<>();
        metric.path("rawData").forEach(fork -> forks.add(values(fork)));
        if (forks.isEmpty() && metric.path("score").isNumber()) {
            forks.add(new double[] {metric.path("score").asDouble()});
        }
        double[] all = forks.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
        if (all.length == 0) {
            return;
        }
        double[] units = all;
        if (stretches == 1) {
            units = new double[] {mean(all)};
        } else if (forks.size() >= ENOUGH_FORKS) {
            units = forks.stream().mapToDouble(JmhEvidence::mean).toArray();
        }
        double[] ones = new double[units.length];
        java.util.Arrays.fill(ones, 1);
        String unit = metric.path("scoreUnit").asString("");
        evidence.put(cell, new Figure.Quotient(new Metric(name, unit, lower), units, ones));
    }

    private static double[] values(JsonNode fork) {
        double[] values = new double[fork.size()];
        java.util.Arrays.setAll(values, i -> fork.path(i).asDouble(0));
        return values;
    }

    private static double mean(double[] values) {
        return java.util.Arrays.stream(values).average().orElse(Double.NaN);
    }
}
