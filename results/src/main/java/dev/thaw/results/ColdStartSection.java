package dev.thaw.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The report's cold starts by function: median time of each phase, as bars with their numbers. */
final class ColdStartSection {
    /** More would be a wall; the slowest are what one looks for. */
    private static final int MOST = 24;

    private final List<JsonNode> functions = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();

    private ColdStartSection(JsonNode summary) {
        summary.path("functions").forEach(function -> {
            if (function.path("coldStart").isObject()) {
                functions.add(function);
            }
        });
        functions.sort(Comparator.comparingDouble(ColdStartSection::totalUs).reversed());
    }

    /** Empty where no invocation caused a new environment. */
    static String render(JsonNode summary) {
        ColdStartSection section = new ColdStartSection(summary);
        if (!section.functions.isEmpty()) {
            section.table();
            section.stages();
        }
        return section.out.toString();
    }

    private static double totalUs(JsonNode function) {
        return function.path("coldStart").path("totalUs").path("p50").asDouble(0);
    }

    private void table() {
        out.append("<h2>Cold starts by function</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
                .append(" aria-label=\"Cold starts by function\"><table class=\"grid\"><thead><tr>")
                .append("<th scope=\"col\">function</th><th scope=\"col\">cold starts</th>")
                .append("<th scope=\"col\" class=\"wide\"><span class=\"hidden\">phases as a bar</span></th>");
        for (Phase phase : ColdPhases.PHASES) {
            out.append("<th scope=\"col\">")
                    .append(PhaseBar.swatch(phase.key()))
                    .append(phase.key())
                    .append("</th>");
        }
        out.append("<th scope=\"col\">together</th><th scope=\"col\">p90</th></tr></thead><tbody>");
        List<JsonNode> shown = functions.subList(0, Math.min(MOST, functions.size()));
        shown.forEach(this::row);
        out.append("</tbody></table></div><p class=\"note\">");
        if (shown.size() < functions.size()) {
            out.append("The slowest ").append(MOST).append(" of ").append(functions.size());
            out.append(" functions with cold starts. ");
        }
        out.append(
                        "Medians over the invocations that caused a new environment, up to their runtime's first request for")
                .append(
                        " an event; each bar to its own scale of 100 %. <em>together</em> is the median of the sums, which medians do")
                .append(" not exactly add up to. From <code>summary.json: functions[].coldStart</code>.</p>\n");
    }

    /** Nothing where no microVM was started. */
    private void stages() {
        List<JsonNode> started = functions.stream()
                .filter(function -> function.at("/coldStart/stagesUs").isObject())
                .limit(MOST)
                .toList();
        if (started.isEmpty()) {
            return;
        }
        out.append("<h3>Starts of microVMs</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
                .append(" aria-label=\"Starts of microVMs\"><table class=\"grid\"><thead><tr>")
                .append("<th scope=\"col\">function</th><th scope=\"col\">starts</th>");
        for (BootStage stage : BootStage.ALL) {
            out.append("<th scope=\"col\">").append(stage.key()).append("</th><th scope=\"col\">p90</th>");
        }
        out.append("</tr></thead><tbody>");
        started.forEach(this::stagesRow);
        out.append(
                        "</tbody></table></div><p class=\"note\">Medians, and p90, of what <em>create</em> or <em>restore</em>")
                .append(
                        " is made of: the VMM until the guest's kernel begins or a snapshot is loaded, the kernel, and the")
                .append(" guest's first process until the guest is ready for the function. From")
                .append(" <code>summary.json: functions[].coldStart.stagesUs</code>.</p>\n");
    }

    private void stagesRow(JsonNode function) {
        JsonNode stages = function.at("/coldStart/stagesUs");
        out.append("<tr><th scope=\"row\">")
                .append(RunPage.text(function, "name"))
                .append("</th>");
        cell(Html.count(stages.path(BootStage.VMM.key()).path("count")));
        for (BootStage stage : BootStage.ALL) {
            cell(Html.percentile(stages.path(stage.key()), Percentile.P50));
            cell(Html.percentile(stages.path(stage.key()), Percentile.P90));
        }
        out.append("</tr>\n");
    }

    private void row(JsonNode function) {
        JsonNode total = function.path("coldStart").path("totalUs");
        out.append("<tr><th scope=\"row\">")
                .append(RunPage.text(function, "name"))
                .append("</th>");
        cell(Html.count(total.path("count")));
        out.append("<td class=\"wide\">")
                .append(PhaseBar.render(medians(function)))
                .append("</td>");
        JsonNode medians = function.path("coldStart").path("medianUs");
        for (Phase phase : ColdPhases.PHASES) {
            JsonNode us = medians.path(phase.key());
            cell(us.asDouble(0) == 0 ? Html.NONE : Html.duration(us));
        }
        cell(Html.percentile(total, Percentile.P50));
        cell(Html.percentile(total, Percentile.P90));
        out.append("</tr>\n");
    }

    private void cell(String html) {
        out.append("<td>").append(html).append("</td>");
    }

    private static Map<String, Double> medians(JsonNode function) {
        Map<String, Double> medians = new LinkedHashMap<>();
        JsonNode us = function.path("coldStart").path("medianUs");
        ColdPhases.PHASES.forEach(
                phase -> medians.put(phase.key(), us.path(phase.key()).asDouble(0)));
        return medians;
    }
}
