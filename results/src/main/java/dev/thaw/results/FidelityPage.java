package dev.thaw.results;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The report of a comparison of live and virtual: figures side by side, what noise explains, how noisy the host was. */
final class FidelityPage {
    private final RunBundle bundle;
    private final JsonNode summary;
    private final StringBuilder out = new StringBuilder();

    private FidelityPage(RunBundle bundle) {
        this.bundle = bundle;
        summary = bundle.summary();
    }

    static String render(RunBundle bundle) throws IOException {
        return new FidelityPage(bundle).render();
    }

    private String render() throws IOException {
        RunPage.header(out, bundle.manifest());
        verdict();
        measures();
        host();
        out.append(DetailSections.render(bundle));
        return Page.of(bundle.id(), out.toString(), Json.MAPPER.createObjectNode());
    }

    private void verdict() {
        boolean good = summary.path("verdict").path("withinBudget").asBoolean(false);
        out.append("<div class=\"verdict ")
                .append(good ? "good" : "bad")
                .append("\" role=\"status\"><strong>")
                .append(good ? "Virtual time tells what live time does." : "Virtual time differs from live time.")
                .append("</strong> The same minutes live and simulated; the model is of the first live run, the others")
                .append(" are what it is held to.<ul>");
        summary.path("verdict")
                .path("overBudget")
                .forEach(line ->
                        out.append("<li>").append(Html.escape(line.asString())).append("</li>"));
        out.append("</ul></div>\n");
    }

    private void measures() {
        out.append(
                        "<h2>Side by side</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Measures\">")
                .append(
                        "<table class=\"grid\"><thead><tr><th scope=\"col\" class=\"text\">measure</th><th>live runs</th>")
                .append("<th>live, mean</th><th>another live run</th><th>virtual</th><th>virtual, all seeds</th>")
                .append("<th>difference, %</th><th>goal, %</th><th class=\"text\">verdict</th></tr></thead><tbody>");
        summary.path("measures").forEach(this::measure);
        out.append(
                        "</tbody></table></div>\n<p class=\"note\">Another live run: where it would lie in 95 of 100 cases, by")
                .append(
                        " Student's t over the live runs. A difference inside it is no more than noise. Virtual: mean of ")
                .append(Html.count(summary.path("virtualRuns")))
                .append(" simulations with a seed each, one of them written as <code>")
                .append(RunPage.text(summary, "virtualRun"))
                .append("</code>.</p>\n");
    }

    private void measure(JsonNode measure) {
        StringBuilder live = new StringBuilder();
        measure.path("live")
                .forEach(each -> live.append(live.isEmpty() ? "" : ", ").append(Html.number(each.asDouble())));
        out.append("<tr><th scope=\"row\">")
                .append(RunPage.text(measure, "title"))
                .append("</th>");
        cell(live.toString());
        cell(number(measure, "liveMean"));
        cell(number(measure, "expectedLow") + " &ndash; " + number(measure, "expectedHigh"));
        cell(number(measure, "virtual"));
        cell(number(measure, "virtualLow") + " &ndash; " + number(measure, "virtualHigh"));
        cell(String.format(
                Locale.ROOT, "%+.1f", measure.path("differencePercent").asDouble(0)));
        cell(measure.path("goalPercent").isNumber() ? number(measure, "goalPercent") : Html.NONE);
        out.append("<td class=\"text\">")
                .append(RunPage.text(measure, "verdict"))
                .append("</td></tr>");
    }

    private static String number(JsonNode node, String key) {
        return Html.number(node.path(key).asDouble(0));
    }

    private void cell(String html) {
        out.append("<td>").append(html).append("</td>");
    }

    private void host() {
        out.append("<h2>How noisy the host was</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
                .append(
                        " aria-label=\"Noise\"><table class=\"grid\"><thead><tr><th scope=\"col\" class=\"text\">live run")
                .append("</th><th>hiccups p99</th><th>p99.9</th><th>max</th><th>lateness p99.9</th><th>max</th></tr>")
                .append("</thead><tbody>");
        summary.path("liveRuns").forEach(run -> {
            out.append("<tr><th scope=\"row\">").append(RunPage.text(run, "id")).append("</th>");
            for (Percentile percentile : List.of(Percentile.P99, Percentile.P999)) {
                cell(Html.percentile(run.path("hiccupUs"), percentile));
            }
            cell(Html.duration(run.path("hiccupUs").path("max")));
            cell(Html.percentile(run.path("latenessUs"), Percentile.P999));
            cell(Html.duration(run.path("latenessUs").path("max")));
            out.append("</tr>");
        });
        out.append("</tbody></table></div>\n<p class=\"note\">Hiccups: how late a thread that asks for 1 ms of sleep")
                .append(" wakes; lateness: how late the generator sent. Virtual time has neither.</p>\n");
    }
}
