package dev.thaw.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    private final List<String> phases = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();

    private PhaseSection(JsonNode summary) {
        byStart = summary.path("phasesByStart");
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
        return Stream.of(StartKind.ALL)
                .anyMatch(kind ->
                        byStart.path(kind.key()).path("meanUs").path(phase).asDouble(0) > 0);
    }

    private void bars() {
        out.append("<figure><h3>Mean time of an invocation by phase</h3><div class=\"bars\">");
        for (StartKind kind : StartKind.ALL) {
            JsonNode node = byStart.path(kind.key());
            if (node.path("count").asLong(0) > 0) {
                bar(TITLES.get(kind.key()), node);
            }
        }
        out.append("</div><ul class=\"key\">");
        phases.forEach(
                phase -> out.append("<li>").append(swatch(phase)).append(phase).append("</li>"));
        out.append("</ul><figcaption>From sent to done, each bar to its own scale of 100 %; phases from the server's")
                .append(" records, <em>outside</em> is what they do not cover: network, client and writing the answer.")
                .append(" From <code>summary.json: phasesByStart</code>.</figcaption></figure>\n");
    }

    private void bar(@Nullable String title, JsonNode node) {
        JsonNode means = node.path("meanUs");
        double totalUs =
                phases.stream().mapToDouble(phase -> meanUs(means, phase)).sum();
        StringBuilder spoken = new StringBuilder();
        StringBuilder parts = new StringBuilder();
        for (String phase : phases) {
            double us = meanUs(means, phase);
            if (us > 0) {
                double percent = 100 * us / totalUs;
                String label = String.format(Locale.ROOT, "%s %.1f us, %.1f %%", phase, us, percent);
                parts.append(String.format(
                        Locale.ROOT,
                        "<i style=\"width:%.3f%%;background:var(--p-%s)\" title=\"%s\"></i>",
                        percent,
                        phase,
                        label));
                spoken.append(spoken.isEmpty() ? "" : "; ").append(label);
            }
        }
        out.append("<span>")
                .append(title)
                .append("</span><div class=\"bar\" role=\"img\" aria-label=\"")
                .append(spoken)
                .append("\">")
                .append(parts)
                .append("</div><span class=\"total\">")
                .append(Html.duration(node.path("serviceUs").path("mean")))
                .append(" &times; ")
                .append(Html.count(node.path("count")))
                .append("</span>");
    }

    private static double meanUs(JsonNode means, String phase) {
        return Math.max(0, means.path(phase).asDouble(0));
    }

    private static String swatch(String phase) {
        return "<i class=\"swatch\" style=\"background:var(--p-" + phase + ")\"></i>";
    }

    private void table() {
        out.append(
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Phases\"><table class=\"grid\"><thead>")
                .append("<tr><th scope=\"col\">phase</th>");
        for (StartKind kind : StartKind.ALL) {
            out.append("<th>").append(TITLES.get(kind.key())).append(": mean</th><th>p50</th><th>p99</th>");
        }
        out.append("</tr></thead><tbody>");
        for (String phase : phases) {
            row(phase);
        }
        out.append(
                        "</tbody></table></div><p class=\"note\">Mean over all invocations of the kind; percentiles over those in")
                .append(" which the phase took time, from <code>phases.hlog</code>.</p>\n");
    }

    private void row(String phase) {
        out.append("<tr><th scope=\"row\">").append(swatch(phase)).append(phase).append("</th>");
        for (StartKind kind : StartKind.ALL) {
            JsonNode node = byStart.path(kind.key());
            JsonNode percentiles = node.path("phasesUs").path(phase);
            boolean some = node.path("count").asLong(0) > 0;
            cell(
                    some && node.path("meanUs").path(phase).asDouble(0) != 0
                            ? node.path("meanUs").path(phase)
                            : percentiles);
            cell(percentiles.path("p50"));
            cell(percentiles.path("p99"));
        }
        out.append("</tr>");
    }

    private void cell(JsonNode us) {
        out.append("<td>").append(us.isNumber() ? Html.duration(us) : "&ndash;").append("</td>");
    }
}
