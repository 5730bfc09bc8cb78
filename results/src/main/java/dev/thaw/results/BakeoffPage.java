package dev.thaw.results;

import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The report of a bake-off: cold starts against idle memory as a plot, and the whole table. */
final class BakeoffPage {
    private final RunBundle bundle;
    private final JsonNode combinations;
    private final StringBuilder out = new StringBuilder();

    private BakeoffPage(RunBundle bundle) {
        this.bundle = bundle;
        combinations = bundle.summary().path("combinations");
    }

    static String render(RunBundle bundle) throws IOException {
        return new BakeoffPage(bundle).render();
    }

    private String render() throws IOException {
        RunPage.header(out, bundle.manifest());
        out.append("<div class=\"verdict good\" role=\"status\"><strong>Virtual time.</strong> Nothing ran. The")
                .append(" scheduler that serves live decided, each combination of policies on the same arrivals and")
                .append(" durations; these are drawn from models: ")
                .append(RunPage.text(bundle.manifest().path("configuration"), VirtualSections.MODEL_KEY))
                .append(".</div>\n<h2>Cold starts against idle memory</h2>\n");
        RunSections.chart(
                out,
                "pareto",
                "Cold starts in percent against idle memory in GB-seconds, a dot for each combination",
                "Means over seeds. Further down and further left is better; the line joins those that no other beats"
                        + " in both.");
        table();
        out.append(DetailSections.render(bundle));
        return Page.of(bundle.id(), out.toString(), charts());
    }

    private void table() {
        out.append("<h2>All figures</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures\">")
                .append("<table class=\"grid\" data-sortable><thead><tr>")
                .append("<th scope=\"col\" class=\"text\"><button type=\"button\">policies</button></th>");
        for (BakeoffFigure figure : BakeoffFigure.ALL) {
            out.append("<th scope=\"col\" title=\"")
                    .append(figure.what)
                    .append("\"><button type=\"button\">")
                    .append(figure.title)
                    .append("</button></th>");
        }
        out.append("</tr></thead><tbody>");
        combinations.forEach(this::row);
        out.append("</tbody></table></div>\n<p class=\"note\">Mean over seeds, below it the lowest and the highest.")
                .append(" Bold: no other combination has fewer cold starts for no more idle memory.</p>\n");
    }

    private void row(JsonNode combination) {
        boolean best = combination.path("best").asBoolean(false);
        String name = Html.escape(name(combination));
        out.append("<tr><th scope=\"row\">")
                .append(best ? "<strong>" + name + "</strong>" : name)
                .append("</th>");
        for (BakeoffFigure figure : BakeoffFigure.ALL) {
            JsonNode values = combination.path("figures").path(figure.key);
            double low = values.path("low").asDouble(0);
            double high = values.path("high").asDouble(0);
            out.append("<td><data value=\"")
                    .append(values.path("mean").asString())
                    .append("\">")
                    .append(Html.number(values.path("mean").asDouble(0)))
                    .append("</data>");
            if (low < high) {
                out.append("<br><span class=\"unit\">")
                        .append(Html.number(low))
                        .append(" &ndash; ")
                        .append(Html.number(high))
                        .append("</span>");
            }
            out.append("</td>");
        }
        out.append("</tr>");
    }

    private static String name(JsonNode combination) {
        StringBuilder name = new StringBuilder();
        combination
                .path("policies")
                .forEach(policy -> name.append(name.isEmpty() ? "" : " ").append(policy.asString()));
        return name.toString();
    }

    private ObjectNode charts() {
        ObjectNode root = Json.MAPPER.createObjectNode();
        ObjectNode pareto = root.putObject("pareto");
        ArrayNode xs = pareto.putArray("x");
        ArrayNode ys = pareto.putArray("y");
        ArrayNode names = pareto.putArray("names");
        ArrayNode best = pareto.putArray("best");
        combinations
                .valueStream()
                .sorted((left, right) ->
                        Double.compare(mean(left, BakeoffFigure.IDLE_GB_S), mean(right, BakeoffFigure.IDLE_GB_S)))
                .forEach(each -> {
                    xs.add(mean(each, BakeoffFigure.IDLE_GB_S));
                    ys.add(mean(each, BakeoffFigure.COLD_PERCENT));
                    names.add(name(each));
                    best.add(each.path("best").asBoolean(false));
                });
        return root;
    }

    private static double mean(JsonNode combination, BakeoffFigure figure) {
        return combination.path("figures").path(figure.key).path("mean").asDouble(0);
    }
}
