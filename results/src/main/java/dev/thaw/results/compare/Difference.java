package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Something that is not the same on both sides, or not within one of them.
 *
 * @param what as the manifest names it
 * @param a A's values, separated by {@code  | }, or how many there are; a dash where it tells none
 * @param matters a figure may differ because of this alone: host, isolation, emulation, workload; otherwise it is a
 *     setting or the build, which is what comparisons are made for
 */
public record Difference(String what, String a, String b, boolean matters) {
    private static final List<String> HOST = List.of(
            "cpuModel",
            "architecture",
            "cores",
            "memoryMib",
            "kernel",
            "governor",
            "hypervisor",
            "clockSource",
            "jdk",
            "jdkArguments",
            "gc",
            "maxHeapMib");
    private static final List<String> TOP = List.of(
            "kind", "backend", "isolation", "emulated", "emulation", "seed", "plannedInvocations", "durationNs");
    private static final Set<String> WORKLOAD =
            Set.of("function", "functions", "rate", "arrivals", "payload", "duration", "target", "server");
    private static final String TRACE = "trace";
    /** What its files hold. */
    private static final String TRACE_CONTENTS = TRACE + ".sha256";

    private static final String NONE = "-";
    private static final int LONG = 160;
    /** More are counted only, such as ports that the kernel chose. */
    private static final int MANY = 3;

    /** Those that matter first. */
    static List<Difference> between(List<RunBundle> a, List<RunBundle> b) {
        Map<String, Boolean> keys = new LinkedHashMap<>();
        List<Map<String, String>> ofA = a.stream().map(run -> read(run, keys)).toList();
        List<Map<String, String>> ofB = b.stream().map(run -> read(run, keys)).toList();
        boolean sameTrace = isSame(values(ofA, TRACE_CONTENTS), values(ofB, TRACE_CONTENTS))
                && !values(ofA, TRACE_CONTENTS).contains(NONE);
        List<Difference> differences = new ArrayList<>();
        keys.forEach((key, matters) -> {
            Set<String> valuesA = values(ofA, key);
            Set<String> valuesB = values(ofB, key);
            if (!isSame(valuesA, valuesB) && !isSameInTurn(ofA, ofB, key)) {
                boolean counts = matters && !(sameTrace && key.equals(TRACE));
                differences.add(new Difference(key, text(valuesA), text(valuesB), counts).shortened());
            }
        });
        differences.sort(Comparator.comparing((Difference each) -> !each.matters));
        return differences;
    }

    private static boolean isSame(Set<String> a, Set<String> b) {
        return a.equals(b) && a.size() == 1;
    }

    /** The nth run of A had what the nth of B had, such as a seed of its own. */
    private static boolean isSameInTurn(List<Map<String, String>> a, List<Map<String, String>> b, String key) {
        return a.size() == b.size()
                && IntStream.range(0, a.size())
                        .allMatch(i ->
                                a.get(i).getOrDefault(key, NONE).equals(b.get(i).getOrDefault(key, NONE)));
    }

    private static String text(Set<String> values) {
        return values.size() > MANY ? values.size() + " values" : String.join(" | ", values);
    }

    /** Of long lists of words, such as a JVM's arguments, those that are not on both sides. */
    private Difference shortened() {
        if (a.length() + b.length() < LONG) {
            return this;
        }
        List<String> ofA = List.of(a.split(" "));
        List<String> ofB = List.of(b.split(" "));
        return new Difference(what, without(ofA, ofB), without(ofB, ofA), matters);
    }

    private static String without(List<String> words, List<String> others) {
        String left = String.join(
                " ",
                words.stream().filter(word -> !others.contains(word)).distinct().toList());
        return left.isEmpty() ? "(as the other)" : left;
    }

    private static Set<String> values(List<Map<String, String>> runs, String key) {
        Set<String> values = new TreeSet<>();
        runs.forEach(run -> values.add(run.getOrDefault(key, NONE)));
        return new LinkedHashSet<>(values);
    }

    /** What the run says, and into {@code keys} which of it matters. */
    private static Map<String, String> read(RunBundle run, Map<String, Boolean> keys) {
        Map<String, String> values = new LinkedHashMap<>();
        JsonNode manifest = run.manifest();
        HOST.forEach(
                key -> put(values, keys, "host." + key, manifest.path("host").path(key), true));
        TOP.forEach(key -> put(values, keys, key, manifest.path(key), true));
        put(values, keys, "faults", manifest.path("faults").path("plan"), true);
        put(values, keys, "commit", manifest.path("commit"), false);
        manifest.path("configuration")
                .properties()
                .forEach(each -> put(
                        values,
                        keys,
                        each.getKey(),
                        each.getValue(),
                        each.getKey().startsWith(TRACE) || WORKLOAD.contains(each.getKey())));
        return values;
    }

    private static void put(
            Map<String, String> values, Map<String, Boolean> keys, String key, JsonNode value, boolean matters) {
        if (!value.isMissingNode() && !value.isNull()) {
            keys.putIfAbsent(key, matters);
            String text = value.isString() ? value.asString() : value.toString();
            // Where the installation lies is no setting.
            values.put(key, text.replaceAll("-Dthaw\\.root=\\S*\\s?", "").strip());
        }
    }
}
