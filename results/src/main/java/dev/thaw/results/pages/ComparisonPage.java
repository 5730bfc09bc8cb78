package dev.thaw.results.pages;

import dev.thaw.results.Html;
import dev.thaw.results.Page;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A comparison as a page, from the JSON of {@code thaw compare} alone, whose figures it repeats: first what is not the same
 * on both sides, then the verdicts with their intervals, then percentile by percentile, then row by row.
 */
public final class ComparisonPage {
    private static final double US_PER_MS = 1e3;
    private static final String NOTHING = "These units are too few to show anything.";
    private static final String TOO_FEW = "The gate cannot decide: these units are too few to stop anything.";

    private final JsonNode comparison;
    private final StringBuilder out = new StringBuilder();

    private ComparisonPage(JsonNode comparison) {
        this.comparison = comparison;
    }

    /**
     * The page.
     *
     * @param comparison as {@code --json} writes it
     */
    public static String render(JsonNode comparison) throws IOException {
        return new ComparisonPage(comparison).render();
    }

    private String render() throws IOException {
        out.append("<header><div class=\"kicker\">thaw comparison</div>\n<h1>Is B different from A?</h1></header>\n");
        verdict();
        sides();
        out.append("<h2>Verdicts</h2>\n");
        note();
        new FindingsTable(out, "metrics", "Metrics").render(list("metrics"));
        shift();
        rows("groups", "By group");
        rows("rows", "By row");
        out.append("<footer>Schema ")
                .append(text(comparison, "schema"))
                .append(", seed ")
                .append(text(comparison.path("design"), "seed"))
                .append(". Every figure is in the JSON that <code>thaw compare --json</code> writes.</footer>\n");
        return Page.of("Comparison", out.toString(), charts());
    }

    private List<JsonNode> list(String key) {
        return comparison.path(key).valueStream().toList();
    }

    /** The gate's where there is one, otherwise how many are worse and better, rows too. */
    private void verdict() {
        JsonNode gate = comparison.path("gate");
        List<JsonNode> all = Stream.of("metrics", "groups", "rows")
                .flatMap(each -> list(each).stream())
                .toList();
        long worse = count(all, "worse");
        boolean undecided = gate.isObject() ? gate.path("passes").isNull() : nothingCouldBeShown(all);
        boolean good = gate.isObject() ? gate.path("passes").asBoolean(false) : worse == 0;
        out.append("<div class=\"verdict ")
                .append(undecided ? "unknown" : good ? "good" : "bad")
                .append("\" role=\"status\"><strong>");
        if (gate.isObject()) {
            out.append(undecided ? TOO_FEW : good ? "The gate passes." : "The gate stops this.")
                    .append("</strong> Limit ")
                    .append(percent(gate.path("limit")))
                    .append(". ");
        } else {
            out.append(undecided ? NOTHING : worse > 0 ? "B is worse in something." : "Nothing is shown to be worse.")
                    .append("</strong> ");
        }
        counts("metrics", list("metrics"), ", which is not the same as equal.");
        counts("groups", list("groups"), ".");
        counts("rows", list("rows"), ".");
        stops(gate.path("stops"));
        out.append("</div>\n");
    }

    private void counts(String what, List<JsonNode> findings, String end) {
        if (!findings.isEmpty()) {
            out.append(String.format(
                    Locale.ROOT,
                    "Of %d %s %d are worse, %d better, %d undecided%s ",
                    findings.size(),
                    what,
                    count(findings, "worse"),
                    count(findings, "better"),
                    count(findings, "undecided"),
                    end));
        }
    }

    /** With too few units no change is so great that it would have had a verdict. */
    private static boolean nothingCouldBeShown(List<JsonNode> findings) {
        return findings.stream().allMatch(each -> each.path("tooFewUnits").asBoolean(false));
    }

    private static long count(List<JsonNode> findings, String verdict) {
        return findings.stream()
                .filter(each -> each.path("verdict").asString("").equals(verdict))
                .count();
    }

    private void stops(JsonNode stops) {
        if (stops.size() > 0) {
            out.append("<ul>");
            stops.forEach(each -> out.append("<li>")
                    .append(Html.escape((each.path("row").asString("") + " "
                                    + each.path("metric").asString(""))
                            .strip()))
                    .append("</li>"));
            out.append("</ul>");
        }
    }

    private void sides() {
        out.append("<h2>What is not the same</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
                .append(" aria-label=\"Differences\"><table class=\"grid\"><thead><tr><th scope=\"col\"></th>")
                .append("<th scope=\"col\" class=\"text\">A</th><th scope=\"col\" class=\"text\">B</th>")
                .append("<th scope=\"col\" class=\"text\">may alone explain a difference</th></tr></thead><tbody>");
        side("runs", ids("a"), ids("b"), "");
        for (JsonNode each : list("differences")) {
            side(
                    each.path("what").asString(""),
                    each.path("a").asString(""),
                    each.path("b").asString(""),
                    each.path("matters").asBoolean(false) ? "<span class=\"badge\">yes</span>" : "a setting");
        }
        out.append("</tbody></table></div>\n<ul>");
        JsonNode design = comparison.path("design");
        out.append("<li>Units: ")
                .append(text(design, "unitsA"))
                .append(" of A, ")
                .append(text(design, "unitsB"))
                .append(" of B, ")
                .append(text(design, "unit"))
                .append("</li>");
        list("notes")
                .forEach(each -> out.append("<li>")
                        .append(Html.escape(each.asString("")))
                        .append("</li>"));
        out.append("</ul>\n");
    }

    private void side(String what, String a, String b, String matters) {
        out.append("<tr><th scope=\"row\">")
                .append(Html.escape(what))
                .append("</th><td class=\"text fold\">")
                .append(Html.escape(a))
                .append("</td><td class=\"text fold\">")
                .append(Html.escape(b))
                .append("</td><td class=\"text\">")
                .append(matters)
                .append("</td></tr>");
    }

    private String ids(String side) {
        return String.join(
                " ", list(side).stream().map(run -> run.path("id").asString("")).toList());
    }

    private void note() {
        out.append("<p class=\"note\">B/A with its 95 % interval; p corrected for all metrics of a table. <em>Could")
                .append(
                        " show</em>: the smallest change that these data would have shown four times out of five; nothing where")
                .append(" the units are too few, a dash where it is not known. The line")
                .append(" in the middle of each plot is no change; an arrow means that an interval goes on.</p>\n");
    }

    private void shift() {
        JsonNode points = comparison.path("shift").path("points");
        if (points.isEmpty()) {
            return;
        }
        out.append("<h2>Percentile by percentile</h2>\n");
        chart("curves", "Latency by percentile of A and of B", "From the intended start, both scales logarithmic.");
        chart(
                "shift",
                "Change of each percentile from A to B, in percent",
                "The shift function: above 0, B is slower there. The band is the 95 % interval of each percentile by"
                        + " itself; where fewer than ten samples lie beyond there is none.");
        out.append("<details><summary>The same as a table</summary><div class=\"scroll tall\" tabindex=\"0\"")
                .append(" role=\"region\" aria-label=\"Percentiles of A and B\"><table class=\"grid\"><thead><tr>");
        Stream.of("percentile", "A, ms", "B, ms", "B - A, ms", "B/A", "95 % interval")
                .forEach(each -> out.append("<th scope=\"col\">").append(each).append("</th>"));
        out.append("</tr></thead><tbody>");
        points.forEach(this::point);
        out.append("</tbody></table></div></details>\n");
    }

    private void point(JsonNode point) {
        double change = point.path("b").asDouble(0) - point.path("a").asDouble(0);
        out.append("<tr><th scope=\"row\">")
                .append(String.format(
                                Locale.ROOT, "%.7g", 100 * point.path("share").asDouble(0))
                        .replaceAll("\\.?0+$", ""))
                .append("</th>");
        for (String side : List.of("a", "b")) {
            double ms = point.path(side).asDouble(0) / US_PER_MS;
            out.append("<td><data value=\"")
                    .append(point.path(side).asString(""))
                    .append(String.format(Locale.ROOT, "\">%.4g</data></td>", ms));
        }
        out.append(String.format(Locale.ROOT, "<td>%+.3g</td><td>", change / US_PER_MS))
                .append(FindingsTable.ratio(point.path("ratio")))
                .append("</td><td>")
                .append(FindingsTable.interval(point))
                .append("</td></tr>");
    }

    private void chart(String key, String name, String caption) {
        out.append("<figure><h3>")
                .append(name)
                .append("</h3><div class=\"plot\" data-chart=\"")
                .append(key)
                .append("\" role=\"img\" aria-label=\"")
                .append(name)
                .append("\"></div><figcaption>")
                .append(caption)
                .append("</figcaption></figure>\n");
    }

    private void rows(String key, String title) {
        List<JsonNode> rows = list(key);
        if (!rows.isEmpty()) {
            out.append("<h2>").append(title).append("</h2>\n");
            new FindingsTable(out, key, title).render(rows);
        }
    }

    private ObjectNode charts() {
        ObjectNode charts = JsonNodeFactory.instance.objectNode();
        ObjectNode curves = charts.putObject("curves");
        ObjectNode shift = charts.putObject("shift");
        ArrayNode xs = curves.putArray("x");
        shift.putArray("x");
        for (JsonNode point : comparison.path("shift").path("points")) {
            double nines = -Math.log10(1 - point.path("share").asDouble(0));
            xs.add(nines);
            shift.withArray("/x").add(nines);
            for (String side : List.of("a", "b")) {
                curves.withArray("/" + side).add(Math.max(1, point.path(side).asDouble(0)) / US_PER_MS);
            }
            for (String figure : List.of("ratio", "low", "high")) {
                ArrayNode series = shift.withArray("/" + figure);
                if (point.path(figure).isNumber()) {
                    series.add(100 * (point.path(figure).asDouble() - 1));
                } else {
                    series.addNull();
                }
            }
        }
        return charts;
    }

    private static String percent(JsonNode share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble(0));
    }

    private static String text(JsonNode node, String key) {
        return Html.escape(node.path(key).asString(""));
    }
}
