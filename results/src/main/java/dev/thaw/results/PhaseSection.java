package dev.thaw.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The report's phases: mean time of cold, victim, suppressed and warm invocations as stacked bars with their numbers. */
final class PhaseSection {
    private static final String OUTSIDE = "outside";
    private static final Map<String, String> TITLES = Map.of(
            "cold", "cold start",
            "victim", "victim of one",
            "suppressed", "suppressed init",
            "warm", "warm");

    private final JsonNode byStart;
    private final List<String> kinds;
    private final List<String> phases = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();

    private PhaseSection(JsonNode summary) {
        byStart = summary.path("phasesByStart");
        kinds = Stream.of(StartKind.ALL)
                .map(StartKind::key)
                .filter(kind -> byStart.path(kind).path("count").asLong(0) > 0)
                .toList();
        Stream.of(Phase.ALL).map(Phase::key).filter(this::took).forEach(phases::add);
        phases.add(OUTSIDE);
    }

    static String render(JsonNode summary) {
        PhaseSection section = new PhaseSection(summary);
        section.out.append("<h2>Where the time went</h2>\n");
        if (summary.path("serverRecords").asLong(0) == 0) {
            section.out.append("<p class=\"note\">The target sent no records of phases.</p>\n");
        } else {
            section.bars();
            section.table();
        }
        return section.out.toString();
    }

    private boolean took(String phase) {
        return kinds.stream()
                .anyMatch(kind -> byStart.path(kind).path("meanUs").path(phase).asDouble(0) > 0);
    }

    private void bars() {
        out.append("<figure><h3>Mean time of an invocation by phase</h3><div class=\"bars\">");
        kinds.forEach(kind -> bar(TITLES.get(kind), byStart.path(kind)));
        out.append("</div><ul class=\"key\">");
        phases.forEach(phase ->
                out.append("<li>").append(PhaseBar.swatch(phase)).append(phase).append("</li>"));
        out.append("</ul><figcaption>From sent to done, each bar to its own scale of 100 %; phases from the server's")
                .append(" records, <em>outside</em> is what they do not cover: network, client and writing the answer.")
                .append(" From <code>summary.json: phasesByStart</code>.</figcaption></figure>\n");
    }

    private void bar(@Nullable String title, JsonNode node) {
        Map<String, Double> means = new LinkedHashMap<>();
        phases.forEach(phase -> means.put(phase, meanUs(node.path("meanUs"), phase)));
        out.append("<span>")
                .append(title)
                .append("</span>")
                .append(PhaseBar.render(means))
                .append("<span class=\"total\">")
                .append(Html.duration(node.path("serviceUs").path("mean")))
                .append(" &times; ")
                .append(Html.count(node.path("count")))
                .append("</span>");
    }

    private static double meanUs(JsonNode means, String phase) {
        return Math.max(0, means.path(phase).asDouble(0));
    }

    private void table() {
        out.append(
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Phases\"><table class=\"grid\"><thead>")
                .append("<tr><th scope=\"col\" rowspan=\"2\">phase</th>");
        kinds.forEach(kind -> out.append("<th scope=\"colgroup\" colspan=\"3\" class=\"group\">")
                .append(TITLES.get(kind))
                .append("</th>"));
        out.append("</tr><tr>");
        kinds.forEach(kind -> out.append("<th scope=\"col\" class=\"first\">mean</th><th scope=\"col\">p50</th>")
                .append("<th scope=\"col\">p99</th>"));
        out.append("</tr></thead><tbody>");
        phases.forEach(this::row);
        out.append(
                        "</tbody></table></div><p class=\"note\">Mean over all invocations of the kind; percentiles over those in")
                .append(" which the phase took time, from <code>phases.hlog</code>.</p>\n");
    }

    private void row(String phase) {
        out.append("<tr><th scope=\"row\">")
                .append(PhaseBar.swatch(phase))
                .append(phase)
                .append("</th>");
        for (String kind : kinds) {
            JsonNode mean = byStart.path(kind).path("meanUs").path(phase);
            JsonNode percentiles = byStart.path(kind).path("phasesUs").path(phase);
            boolean none = mean.asDouble(0) == 0;
            out.append("<td class=\"first\">")
                    .append(none ? Html.NONE : Html.duration(mean))
                    .append("</td>");
            for (Percentile percentile : List.of(Percentile.P50, Percentile.P99)) {
                out.append("<td>")
                        .append(Html.percentile(percentiles, percentile))
                        .append("</td>");
            }
        }
        out.append("</tr>");
    }
}
