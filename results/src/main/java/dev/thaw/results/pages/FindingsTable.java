package dev.thaw.results.pages;

import dev.thaw.results.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Findings of a comparison as one table: verdict, figures, and the intervals side by side on one scale. */
final class FindingsTable {
    private static final int FILTERED_FROM = 20;
    private static final String NONE = "&ndash;";
    /** As the text has it: ten times. */
    private static final double MOST_SHOWN = 10;

    private static final double LEAST_P = 0.001;

    private final StringBuilder out;
    private final String id;
    private final String name;

    FindingsTable(StringBuilder out, String id, String name) {
        this.out = out;
        this.id = id;
        this.name = name;
    }

    void render(List<JsonNode> findings) {
        boolean byRow = findings.stream().anyMatch(each -> each.has("row"));
        ForestScale scale = ForestScale.of(findings);
        if (findings.size() > FILTERED_FROM) {
            out.append("<div class=\"tools\"><label>Filter <input type=\"search\" data-filter=\"")
                    .append(id)
                    .append("\" autocomplete=\"off\"></label><span class=\"note\" id=\"")
                    .append(id)
                    .append("-count\" aria-live=\"polite\"></span></div>\n");
        }
        out.append("<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(name)
                .append("\"><table class=\"grid findings\" data-sortable id=\"")
                .append(id)
                .append("\"><thead><tr>");
        List<String> columns = new ArrayList<>(byRow ? List.of("row", "metric") : List.of("metric"));
        int words = columns.size() + 1;
        columns.addAll(List.of("verdict", "B/A", "95 % interval", "plot", "A", "B", "unit", "p", "could show"));
        for (int column = 0; column < columns.size(); column++) {
            boolean text = column < words || columns.get(column).equals("unit");
            out.append(text ? "<th scope=\"col\" class=\"text\">" : "<th scope=\"col\">")
                    .append("<button type=\"button\">")
                    .append(columns.get(column))
                    .append("</button>")
                    .append(columns.get(column).equals("plot") ? scale.axis() : "")
                    .append("</th>");
        }
        out.append("</tr></thead><tbody>");
        findings.forEach(each -> row(each, byRow, scale));
        out.append("</tbody></table></div>\n");
    }

    private void row(JsonNode finding, boolean byRow, ForestScale scale) {
        String metric = Html.escape(finding.path("metric").asString(""));
        String verdict = finding.path("verdict").asString("");
        out.append("<tr><th scope=\"row\">")
                .append(byRow ? Html.escape(finding.path("row").asString("")) : metric)
                .append("</th>");
        if (byRow) {
            out.append("<td class=\"text\">").append(metric).append("</td>");
        }
        out.append("<td class=\"text verdict-")
                .append(Html.escape(verdict))
                .append("\">")
                .append(Html.escape(verdict))
                .append("</td><td>")
                .append(ratio(finding.path("ratio")))
                .append("</td><td>")
                .append(interval(finding))
                .append("</td><td><data value=\"")
                .append(finding.path("ratio").asString("-1"))
                .append("\"></data>")
                .append(scale.row(finding))
                .append("</td><td>")
                .append(number(finding.path("a")))
                .append("</td><td>")
                .append(number(finding.path("b")))
                .append("</td><td class=\"text fold\">")
                .append(Html.escape(finding.path("unit").asString("")))
                .append("</td><td>")
                .append(p(finding.path("pHolm")))
                .append("</td><td>")
                .append(finding.path("tooFewUnits").asBoolean(false) ? "nothing" : percent(finding.path("detectable")))
                .append("</td></tr>\n");
    }

    private static String p(JsonNode p) {
        if (!p.isNumber()) {
            return NONE;
        }
        return p.asDouble() < LEAST_P
                ? "<data value=\"" + p.asString() + "\">&lt;" + LEAST_P + "</data>"
                : Html.figure(p, "%.3f", "");
    }

    static String ratio(JsonNode ratio) {
        return ratio.isNumber() ? Html.figure(ratio, "%.3f", "") : NONE;
    }

    static String interval(JsonNode finding) {
        JsonNode low = finding.path("low");
        JsonNode high = finding.path("high");
        return low.isNumber() || high.isNumber() ? ratio(low) + " .. " + ratio(high) : NONE;
    }

    /** Four significant digits. */
    private static String number(JsonNode value) {
        double size = Math.abs(value.asDouble(0));
        if (!value.isNumber()) {
            return NONE;
        }
        if (size != 0 && (size < 1e-4 || size >= 1e9)) {
            return Html.figure(value, "%.2e", "");
        }
        int before = size == 0 ? 4 : (int) Math.floor(Math.log10(size)) + 1;
        return Html.figure(value, "%,." + Math.max(0, 4 - before) + "f", "");
    }

    /** The whole figure for machines; for people no digits of what is beyond all use. */
    private static String percent(JsonNode share) {
        if (!share.isNumber()) {
            return NONE;
        }
        double shown = Math.min(share.asDouble(), MOST_SHOWN);
        return "<data value=\"" + share.asString() + "\">"
                + (share.asDouble() > MOST_SHOWN ? "&gt;" : "")
                + String.format(Locale.ROOT, shown < 0.1 ? "%.1f" : "%.0f", 100 * shown)
                + "<span class=\"unit\">%</span></data>";
    }
}
