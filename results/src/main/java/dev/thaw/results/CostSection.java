package dev.thaw.results;

import dev.thaw.results.cost.CostPerMillion;
import dev.thaw.results.cost.PriceList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The report's table of what a million invocations cost: both price lists, both rules. */
final class CostSection {
    private CostSection() {}

    /** Nothing where nothing can be priced. */
    static String render(JsonNode summary) {
        JsonNode cost = summary.path(CostPerMillion.KEY);
        if (!cost.isObject()) {
            return "";
        }
        StringBuilder out = new StringBuilder("<h3>A million invocations like these, USD</h3>\n")
                .append(
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Cost of a million invocations\">")
                .append("<table class=\"grid\"><thead><tr><th scope=\"col\">price list</th>")
                .append("<th scope=\"col\">init of managed runtimes free, until 2025-07-31</th>")
                .append("<th scope=\"col\">every init billed, since 2025-08-01</th></tr></thead><tbody>");
        for (PriceList price : PriceList.values()) {
            row(out, price.key() + (ran(summary, price) ? "" : ", what if"), cost.path(price.key()), "%,.4f", "");
        }
        row(out, "memory time", cost.path("gbSeconds"), "%,.1f", "GB-s");
        if (cost.path(CostPerMillion.KEPT).asDouble() > 0) {
            out.append("<tr><th scope=\"row\">kept ready by provisioned concurrency</th><td colspan=\"2\">")
                    .append(Html.figure(cost.path(CostPerMillion.KEPT), "%,.1f", "GB-s"))
                    .append("</td></tr>");
        }
        return out.append("</tbody></table></div>\n<p class=\"note\">Requests included (")
                .append(Html.figure(cost.path("requests"), "%.2f", "USD"))
                .append("); list prices, no free tier (<code>summary.json: ")
                .append(CostPerMillion.KEY)
                .append(
                        "</code>). Until July 2025 an init was billed for runtimes that their owner brings and for images")
                .append(" only. A what-if prices the same billed time.</p>\n")
                .toString();
    }

    private static boolean ran(JsonNode summary, PriceList price) {
        return summary.path("costUsd").path(price.key()).isNumber();
    }

    private static void row(StringBuilder out, String name, JsonNode figures, String format, String unit) {
        out.append("<tr><th scope=\"row\">").append(name).append("</th>");
        for (String rule : List.of(CostPerMillion.UNTIL, CostPerMillion.SINCE)) {
            out.append("<td>")
                    .append(Html.figure(figures.path(rule), format, unit))
                    .append("</td>");
        }
        out.append("</tr>");
    }
}
