package dev.thaw.results;

import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The report of imported measurements: where they come from, and one table. */
final class ImportedPage {
    private static final String[] COLUMNS = {"setting", "metric", "unit", "count", "p50", "p90", "p99", "mean"};
    private static final int WORDS = 3;

    private ImportedPage() {}

    static String render(RunBundle bundle) throws IOException {
        StringBuilder out = new StringBuilder();
        RunPage.header(out, bundle.manifest());
        out.append("<p>Measured elsewhere, imported from ")
                .append(Html.escape(
                        bundle.manifest().path("source").path("format").asString("")))
                .append(":</p>\n<ul>");
        bundle.manifest()
                .path("source")
                .path("files")
                .forEach(file -> out.append("<li>")
                        .append(Html.escape(file.path("name").asString("")))
                        .append(", SHA-256 <code>")
                        .append(Html.escape(file.path("sha256").asString("")))
                        .append("</code></li>"));
        out.append("</ul>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Measurements\">")
                .append("<table class=\"grid\" data-sortable><thead><tr>");
        for (int i = 0; i < COLUMNS.length; i++) {
            out.append(i < WORDS ? "<th scope=\"col\" class=\"text\">" : "<th scope=\"col\">")
                    .append("<button type=\"button\">")
                    .append(COLUMNS[i])
                    .append("</button></th>");
        }
        out.append("</tr></thead><tbody>");
        for (JsonNode cell : bundle.summary().path("cells")) {
            cell.path("metrics").properties().forEach(each -> row(out, cell, each));
        }
        out.append("</tbody></table></div>\n");
        return Page.of(bundle.id(), out.toString(), Json.MAPPER.createObjectNode());
    }

    private static void row(StringBuilder out, JsonNode cell, Map.Entry<String, JsonNode> metric) {
        JsonNode figures = metric.getValue();
        String name = cell.path("name").asString("");
        out.append("<tr><th scope=\"row\">").append(Html.escape(name.isEmpty() ? "all" : name));
        out.append("</th><td class=\"text\">").append(Html.escape(metric.getKey()));
        out.append("</td><td class=\"text\">")
                .append(Html.escape(figures.path("unit").asString("")));
        out.append("</td><td>").append(figures.path("count").asLong());
        for (String key : new String[] {"p50", "p90", "p99", "mean"}) {
            JsonNode value = figures.path(key);
            out.append("</td><td>").append(value.isNumber() ? Html.figure(value, "%,.3f", "") : "&ndash;");
        }
        out.append("</td></tr>\n");
    }
}
