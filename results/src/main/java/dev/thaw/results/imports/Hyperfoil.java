package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Hyperfoil's statistics as JSON, of the whole run ({@code stats/all}) or its totals ({@code stats/total}); times in ns,
 * moments in ms. A cell is a phase and a metric of it; warm-up is left out.
 */
final class Hyperfoil implements Importer {
    private static final double NS_PER_US = 1e3;
    private static final double MS_PER_S = 1e3;
    private static final double MOST = 1e18;
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
        JsonNode root = Place.json(file, text);
        ImportedBundle bundle = into.bundle("");
        int index = 0;
        for (JsonNode each : root.path("statistics")) {
            add(new Place(file, 1, "statistics[" + index++ + "]: "), bundle, each, each);
        }
        index = 0;
        for (JsonNode each : root.path("stats")) {
            if (!each.path("isWarmup").asBoolean(false)) {
                add(new Place(file, 1, "stats[" + index + "]: "), bundle, each, each.path("total"));
            }
            index++;
        }
    }

    private static void add(Place place, ImportedBundle bundle, JsonNode named, JsonNode total) {
        String phase = named.path("phase").asString(total.path("phase").asString(""));
        String metric = named.path("metric").asString(total.path("metric").asString(""));
        String cell = phase + "/" + metric;
        JsonNode summary = total.path("summary");
        summary.path("percentileResponseTime").properties().forEach(each -> {
            String name = NAMES.get(each.getKey());
            if (name != null) {
                us(place, bundle, cell, name, each.getValue());
            }
        });
        us(place, bundle, cell, "latency.mean", summary.path("meanResponseTime"));
        us(place, bundle, cell, "latency.max", summary.path("maxResponseTime"));
        double ms = number(place, "endTime", summary) - number(place, "startTime", summary);
        if (ms > 0) {
            double rate = number(place, "responseCount", summary) / (ms / MS_PER_S);
            bundle.add(cell, new Kind("throughput", "1/s", false, false), ImportedBundle.NO_TIME, rate, 1);
        }
    }

    private static void us(Place place, ImportedBundle bundle, String cell, String metric, JsonNode ns) {
        double us = place.number(metric, ns.asString(""), "ns", MOST) / NS_PER_US;
        bundle.add(cell, new Kind(metric, "us", true, false), ImportedBundle.NO_TIME, us, 1);
    }

    private static double number(Place place, String name, JsonNode summary) {
        return place.number(name, summary.path(name).asString(""), "a number", MOST);
    }
}
