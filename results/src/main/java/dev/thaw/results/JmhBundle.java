package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the result of JMH as a bundle: its own JSON as {@code jmh.json}, a summary, and a report. */
public final class JmhBundle {
    public static final String KIND = "jmh";
    static final String RESULT = "jmh.json";
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private JmhBundle() {}

    /**
     * Writes {@code runsDirectory/<utc>-<name>} from the text that JMH wrote with {@code -rf json} and returns it. Fails
     * with one line where the text is not JMH's or the folder cannot be written.
     */
    public static Path write(String name, String command, String jmhJson, Path runsDirectory) throws IOException {
        return write(name, command, jmhJson, null, runsDirectory);
    }

    /** The same of a result from elsewhere. */
    public static Path write(
            String name, String command, String jmhJson, @Nullable Provenance provenance, Path runsDirectory)
            throws IOException {
        JsonNode results = parse(jmhJson);
        ObjectNode summary = summary(results);
        return new WholeBundle(KIND, name, command, provenance).write(runsDirectory, (directory, manifest) -> {
            configuration(manifest.putObject("configuration"), results);
            Files.writeString(directory.resolve(RESULT), jmhJson);
            return summary;
        });
    }

    private static JsonNode parse(String jmhJson) {
        JsonNode results;
        try {
            results = Json.MAPPER.readTree(jmhJson);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("JMH result: not JSON: " + e.getOriginalMessage(), e);
        }
        if (!results.isArray()) {
            throw new IllegalArgumentException("JMH result: must be an array of benchmarks");
        }
        int index = 0;
        for (JsonNode each : results) {
            String place = "JMH result: [" + index++ + "].";
            if (!each.path("benchmark").isString()) {
                throw new IllegalArgumentException(place + "benchmark: missing, must be a name");
            }
            if (!each.path("primaryMetric").path("score").isValueNode()) {
                throw new IllegalArgumentException(place + "primaryMetric.score: missing, must be a number");
            }
        }
        return results;
    }

    private static void configuration(ObjectNode target, JsonNode results) {
        JsonNode first = results.path(0);
        for (String key : new String[] {"jmhVersion", "jdkVersion", "vmName", "vmVersion"}) {
            target.put(key, first.path(key).asString("unknown"));
        }
        target.put("jvmArgs", first.path("jvmArgs").toString());
    }

    private static ObjectNode summary(JsonNode results) {
        ObjectNode summary = Json.MAPPER.createObjectNode();
        summary.put("schema", Summary.SCHEMA).put("kind", KIND);
        ArrayNode benchmarks = summary.putArray("benchmarks");
        results.forEach(each -> benchmarks.add(benchmark(each)));
        return summary;
    }

    private static ObjectNode benchmark(JsonNode result) {
        JsonNode metric = result.path("primaryMetric");
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("name", result.path("benchmark").asString("unknown"));
        node.put("mode", result.path("mode").asString(""));
        ObjectNode params = node.putObject("params");
        result.path("params")
                .properties()
                .forEach(each -> params.put(each.getKey(), each.getValue().asString("")));
        node.put("threads", result.path("threads").asInt(0));
        node.put("forks", result.path("forks").asInt(0));
        node.put("iterations", result.path("measurementIterations").asInt(0));
        node.put("unit", metric.path("scoreUnit").asString(""));
        put(node, "score", metric.path("score"));
        // JMH writes "NaN" where a single iteration leaves no error to tell.
        put(node, "error", metric.path("scoreError"));
        put(node, "allocatedBytesPerOp", allocation(result.path("secondaryMetrics")));
        return node;
    }

    /** Older versions of JMH put a middle dot before the key. */
    private static JsonNode allocation(JsonNode secondary) {
        JsonNode plain = secondary.path(ALLOCATION);
        return (plain.isMissingNode() ? secondary.path("·" + ALLOCATION) : plain).path("score");
    }

    private static void put(ObjectNode node, String key, JsonNode value) {
        if (value.isNumber()) {
            node.set(key, value);
        } else {
            node.putNull(key);
        }
    }
}
