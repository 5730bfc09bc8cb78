package dev.thaw.results;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The end of every report: configuration, host, and the bundle's files. */
final class DetailSections {
    private static final Map<String, String> HOST_NAMES = Map.ofEntries(
            Map.entry("cpuModel", "processor"),
            Map.entry("cpuFlags", "processor flags"),
            Map.entry("clockSource", "clock source"),
            Map.entry("memoryMib", "memory, MiB"),
            Map.entry("jdk", "JDK"),
            Map.entry("jdkArguments", "JDK arguments"),
            Map.entry("gc", "collectors"),
            Map.entry("maxHeapMib", "heap limit, MiB"));

    private DetailSections() {}

    static String render(RunBundle bundle) {
        StringBuilder out = new StringBuilder();
        JsonNode manifest = bundle.manifest();
        out.append("<h2>Configuration and host</h2>\n<div class=\"cards\">");
        table(out, "Configuration", manifest.path("configuration"), Map.of());
        table(out, "Host", manifest.path("host"), HOST_NAMES);
        out.append("</div>\n");
        files(out, bundle.kind());
        out.append("<footer>Run <code>")
                .append(Html.escape(bundle.id()))
                .append("</code> &middot; thaw at commit <code>")
                .append(RunPage.text(manifest, "commit"))
                .append("</code> &middot; schema ")
                .append(RunPage.text(manifest, "schema"))
                .append("</footer>\n");
        return out.toString();
    }

    private static void table(StringBuilder out, String title, JsonNode values, Map<String, String> names) {
        out.append("<section class=\"card\"><h3>").append(title).append("</h3><dl class=\"kv\">");
        values.properties().forEach(each -> {
            String text = each.getValue().asString();
            String value = text.isEmpty() ? "none" : Html.escape(text);
            out.append("<dt>")
                    .append(Html.escape(names.getOrDefault(each.getKey(), each.getKey())))
                    .append("</dt><dd>")
                    .append(each.getKey().equals("cpuFlags") ? folded(value) : value)
                    .append("</dd>");
        });
        out.append(values.isEmpty() ? "<dt>none</dt><dd></dd>" : "").append("</dl></section>\n");
    }

    private static String folded(String flags) {
        return flags.equals("none")
                ? flags
                : "<details><summary>" + flags.split(" ", -1).length + " flags</summary>" + flags + "</details>";
    }

    private static void files(StringBuilder out, String kind) {
        out.append("<h2>Files of this run</h2>\n<div class=\"card\"><dl class=\"kv\">");
        file(out, "manifest.json", "what ran, where, and with which settings");
        file(out, "summary.json", "every figure of this page; times in microseconds, null where unknown");
        if (kind.equals(JmhBundle.KIND)) {
            file(out, "jmh.json", "JMH's own result, for its tools");
        } else if (kind.equals(FidelityBundle.KIND)) {
            file(out, "model.json", "what the first live run was measured to take; for <code>simulate --model</code>");
        } else if (kind.equals(BakeoffBundle.KIND) || kind.equals(PlanBundle.KIND)) {
            file(out, "cells/", "one simulation each: a sweep that was stopped goes on from these");
        } else if (kind.equals(VirtualRecorder.KIND)) {
            VirtualSections.files(out);
        } else if (hasLogs(kind)) {
            file(
                    out,
                    "latency.hlog",
                    "latency from the intended start, one interval a second, and by function as tags");
            file(out, "service.hlog, lateness.hlog, hiccup.hlog", "the other curves, one interval a second");
            file(out, "phases.hlog", "phases, tagged <code>start.phase</code>, such as <code>cold.create</code>");
            file(
                    out,
                    "invocations.csv.zst",
                    "one row each: <code>zstd -dc invocations.csv.zst</code>; phases and <code>outside_ns</code> add up to"
                            + " <code>done_ns - sent_ns</code>");
            file(out, "seconds.csv, fleet.csv", "counts and environments by second");
            file(out, "pauses.csv", "when server and generator stood still: garbage collections, late wake-ups");
        }
        String logs = !hasLogs(kind)
                ? ""
                : "Interval logs are HdrHistogram's, in ns; its HistogramLogProcessor and log viewers read them. ";
        out.append("</dl><p class=\"note\">")
                .append(logs)
                .append("<code>thaw report</code> renders this page again from these files.</p></div>\n");
    }

    /** The others are made of whole runs, or of none. */
    private static boolean hasLogs(String kind) {
        return !Set.of(JmhBundle.KIND, ArchBundle.KIND, BakeoffBundle.KIND, PlanBundle.KIND, FidelityBundle.KIND)
                .contains(kind);
    }

    static void file(StringBuilder out, String name, String what) {
        out.append("<dt><code>")
                .append(name)
                .append("</code></dt><dd>")
                .append(what)
                .append("</dd>");
    }
}
