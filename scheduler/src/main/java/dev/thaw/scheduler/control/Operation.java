package dev.thaw.scheduler.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the service model as HTTP carries it.
 *
 * @param path template: {@code {FunctionName}} stands for one part, a label
 * @param selector parameter of the query, {@code name=value}, that tells it from another of the same path, or null
 * @param status of success
 */
public record Operation(
        String name, String method, String path, @Nullable String selector, int status) {
    /** From {@code name method path[?selector] status}. */
    static Operation parse(String line) {
        String[] fields = line.split(" ", -1);
        String[] uri = fields[2].split("\\?", 2);
        return new Operation(
                fields[0], fields[1], uri[0], uri.length == 1 ? null : uri[1], Integer.parseInt(fields[3]));
    }

    List<String> parts() {
        return Operations.partsOf(path);
    }

    static boolean isLabel(String part) {
        return part.startsWith("{");
    }

    /** It has no selector, or the query has it. */
    boolean isToldBy(Map<String, List<String>> query) {
        String wanted = selector;
        if (wanted == null) {
            return true;
        }
        int equals = wanted.indexOf('=');
        return query.getOrDefault(wanted.substring(0, equals), List.of()).contains(wanted.substring(equals + 1));
    }

    /** The values, in the order of the path, by the names of its labels. */
    Map<String, String> labels(List<String> values) {
        Map<String, String> labels = new HashMap<>();
        for (String part : parts()) {
            if (isLabel(part)) {
                labels.put(part.substring(1, part.length() - 1), values.get(labels.size()));
            }
        }
        return labels;
    }
}
