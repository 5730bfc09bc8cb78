package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hyperfoil's statistics as JSON, of the whole run ({@code stats/all}) or its totals ({@code stats/total}); times in ns,
 * moments in ms. A cell is a phase and a metric of it; warm-up is left out.
 */
final class Hyperfoil implements Importer {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final double NS_PER_US = 1e3;
    private static final double MS_PER_S = 1e3;
    private static final Map<String, String> NAMES =
            Map.of("50.0", "latency.p50", "90.0", "latency.p90", "99.0", "latency.p99", "99.9", "latency.p999");

    @Override
    public String format() {
        return "hyperfoil";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains("\"percentileResponseTime\"");
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) {
        JsonNode root = MAPPER.readTree(text);
        ImportedBundle bundle = into.bundle("");
        for (JsonNode each : root.path("statistics")) {
            add(bundle, each, each);
        }
        for (JsonNode each : root.path("stats")) {
            if (!each.path("isWarmup").asBoolean(false)) {
                add(bundle, each, each.path("total"));
            }
        }
    }

    private static void add(ImportedBundle bundle, JsonNode named, JsonNode total) {
        String phase = named.path("phase").asString(total.path("phase").asString(""));
        String metric = named.path("metric").asString(total.path("metric").asString(""));
        String cell = phase + "/" + metric;
        JsonNode summary = total.path("summary");
        summary.path("percentileResponseTime").properties().forEach(each -> {
            String name = NAMES.get(each.getKey());
            if (name != null) {
                us(bundle, cell, name, each.getValue());
            }
        });
        us(bundle, cell, "latency.mean", summary.path("meanResponseTime"));
        us(bundle, cell, "latency.max", summary.path("maxResponseTime"));
        double seconds =
                (summary.path("endTime").asDouble(0) - summary.path("startTime").asDouble(0)) / MS_PER_S;
        if (seconds > 0) {
            double rate = summary.path("responseCount").asDouble(0) / seconds;
            bundle.add(cell, new Kind("throughput", "1/s", false, false), ImportedBundle.NO_TIME, rate, 1);
        }
    }

    private static void us(ImportedBundle bundle, String cell, String metric, JsonNode ns) {
        if (ns.isNumber()) {
            bundle.add(cell, new Kind(metric, "us", true, false), ImportedBundle.NO_TIME, ns.asDouble() / NS_PER_US, 1);
        }
    }
}
