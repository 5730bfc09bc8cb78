package dev.thaw.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The report's table of functions: sortable, with a filter; most invoked first. */
final class FunctionSection {
    private static final String TABLE = "functions";
    private static final List<String> COLUMNS = List.of(
            "function",
            "memory, MiB",
            "architecture",
            "invocations",
            "not ok",
            "cold",
            "victims",
            "suppressed",
            "p50",
            "p90",
            "p99",
            "p99.9",
            "max",
            "slowdown p50",
            "slowdown p99",
            "billed, ms",
            "GB-s",
            "quota wait, ms");
    private static final int TEXT_COLUMN = 2;
    private static final int SORTED_COLUMN = 3;

    private FunctionSection() {}

    static String render(JsonNode functions) {
        StringBuilder out = new StringBuilder("<h2>Functions</h2>\n");
        out.append(
                        "<p class=\"note\">Latency from the intended start (<code>summary.json: functions</code>; over time in")
                .append(
                        " <code>latency.hlog</code>, tagged by function). Slowdown: that latency over the handler's own")
                .append(" time. Not ok: everything planned that did not end well.</p>\n")
                .append("<div class=\"tools\"><label>Filter by name <input type=\"search\" data-filter=\"")
                .append(TABLE)
                .append("\" autocomplete=\"off\"></label><span class=\"note\" id=\"")
                .append(TABLE)
                .append("-count\" aria-live=\"polite\"></span></div>\n")
                .append("<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Functions\">")
                .append("<table class=\"grid\" data-sortable id=\"")
                .append(TABLE)
                .append("\">");
        head(out);
        out.append("<tbody>");
        mostInvokedFirst(functions).forEach(each -> row(out, each));
        return out.append("</tbody></table></div>\n").toString();
    }

    private static void head(StringBuilder out) {
        out.append("<thead><tr>");
        for (int column = 0; column < COLUMNS.size(); column++) {
            out.append("<th scope=\"col\"")
                    .append(column == TEXT_COLUMN ? " class=\"text\"" : "")
                    .append(column == SORTED_COLUMN ? " aria-sort=\"descending\"" : "")
                    .append("><button type=\"button\">")
                    .append(COLUMNS.get(column))
                    .append("</button></th>");
        }
        out.append("</tr></thead>");
    }

    private static List<JsonNode> mostInvokedFirst(JsonNode functions) {
        List<JsonNode> sorted = new ArrayList<>();
        functions.forEach(sorted::add);
        sorted.sort(Comparator.comparingLong(
                        (JsonNode each) -> each.path("invocations").asLong(0))
                .reversed());
        return sorted;
    }

    private static void row(StringBuilder out, JsonNode function) {
        JsonNode latency = function.path("latencyUs");
        JsonNode slowdown = function.path("slowdown");
        out.append("<tr><th scope=\"row\">")
                .append(RunPage.text(function, "name"))
                .append("</th>");
        cell(out, Html.escape(function.path("memoryMib").asString("")));
        out.append("<td class=\"text\">")
                .append(RunPage.text(function, "architecture"))
                .append("</td>");
        cell(out, Html.count(function.path("invocations")));
        long notOk =
                function.path("invocations").asLong(0) - function.path("ok").asLong(0);
        cell(out, Long.toString(notOk));
        for (String key : List.of("coldTriggers", "coldVictims", "suppressedInits")) {
            cell(out, Html.escape(function.path(key).asString("")));
        }
        for (Percentile percentile : Percentile.ALL) {
            cell(out, Html.percentile(latency, percentile));
        }
        cell(out, latency.path("max").isNumber() ? Html.duration(latency.path("max")) : Html.NONE);
        cell(out, Html.percentile(slowdown, Percentile.P50, "%.2f", ""));
        cell(out, Html.percentile(slowdown, Percentile.P99, "%.2f", ""));
        cell(out, known(function.path("billedMs"), "%,.0f"));
        cell(out, known(function.path("gbSeconds"), "%.4f"));
        cell(out, known(function.path("throttledMs"), "%,.1f"));
        out.append("</tr>\n");
    }

    private static String known(JsonNode value, String format) {
        return value.isNumber() ? Html.figure(value, format, "") : Html.NONE;
    }

    private static void cell(StringBuilder out, String html) {
        out.append("<td>").append(html).append("</td>");
    }
}
