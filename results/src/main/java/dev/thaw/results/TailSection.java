package dev.thaw.results;

import dev.thaw.results.tails.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The report's tail: what the slowest were slow of, and each of the very slowest by itself. */
final class TailSection {
    private static final String TABLE = "slowest";
    private static final List<String> COLUMNS = List.of(
            "function",
            "start, s",
            "total",
            "billed, ms",
            "where it went",
            "cause",
            "start kind",
            "status",
            "request id");
    private static final int SORTED = 2;
    private static final int FIRST_TEXT = 4;
    private static final List<String> PARTS = Stream.of(
                    Stream.of(TailFigures.LATENESS),
                    Stream.of(Phase.ALL).map(Phase::key),
                    Stream.of(TailFigures.OUTSIDE))
            .flatMap(part -> part)
            .toList();

    private final JsonNode tails;
    private final JsonNode pauses;
    private final StringBuilder out = new StringBuilder();

    private TailSection(JsonNode summary) {
        tails = summary.path(TailFigures.KEY);
        pauses = summary.path(PauseFigures.KEY);
    }

    /** Nothing for bundles of before there were tails. */
    static String render(JsonNode summary) {
        TailSection section = new TailSection(summary);
        if (section.tails.path("count").asLong(0) > 0) {
            section.explained();
            section.slowest();
        }
        return section.out.toString();
    }

    private void explained() {
        out.append("<h2 id=\"tail\">Why the slowest were slow</h2>\n<p>The slowest ")
                .append(Html.count(tails.path("count")))
                .append(" of ")
                .append(Html.count(tails.path("of")))
                .append(String.format(
                        Locale.ROOT,
                        " (%.2g %%), from ",
                        100 * tails.path("share").asDouble(0)))
                .append(Html.duration(tails.path("fromUs")))
                .append(" on; the median is ")
                .append(Html.duration(tails.path("typicalUs")))
                .append(".</p>\n<div class=\"pair\">\n");
        causes();
        phases();
        out.append("</div>\n");
    }

    private void causes() {
        out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Causes\"><table class=\"grid\">")
                .append("<thead><tr><th scope=\"col\">cause</th><th scope=\"col\">invocations</th>")
                .append("<th scope=\"col\">share</th></tr></thead><tbody>");
        Stream.of(Cause.ALL)
                .filter(cause -> count(cause) > 0)
                .sorted(Comparator.comparingLong(this::count).reversed())
                .forEach(this::cause);
        out.append("</tbody></table></div>\n");
    }

    private long count(Cause cause) {
        return tails.path("causes").path(cause.key()).path("count").asLong(0);
    }

    private void cause(Cause cause) {
        JsonNode figures = tails.path("causes").path(cause.key());
        out.append("<tr><th scope=\"row\" class=\"fold\">")
                .append(cause.title())
                .append("<br><span class=\"note\">")
                .append(cause.meaning())
                .append("</span></th><td>")
                .append(Html.count(figures.path("count")))
                .append("</td><td>")
                .append(percent(figures.path("share")))
                .append("</td></tr>");
    }

    private static String percent(JsonNode share) {
        return share.isNumber()
                ? String.format(
                        Locale.ROOT,
                        "<data value=\"%s\">%.1f<span class=\"unit\">%%</span></data>",
                        share.asString(),
                        100 * share.asDouble())
                : Html.NONE;
    }

    private void phases() {
        out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Phases of the slowest\">")
                .append("<table class=\"grid\"><thead><tr><th scope=\"col\">phase</th>")
                .append("<th scope=\"col\">longest of</th><th scope=\"col\">share</th>")
                .append("<th scope=\"col\">of their time</th></tr></thead><tbody>");
        List<Map.Entry<String, JsonNode>> sorted =
                new ArrayList<>(tails.path("phases").properties());
        sorted.sort(Comparator.comparingDouble((Map.Entry<String, JsonNode> each) ->
                        each.getValue().path("timeShare").asDouble(0))
                .reversed());
        sorted.stream()
                .filter(each -> each.getValue().path("timeShare").asDouble(0) > 0)
                .forEach(each -> out.append("<tr><th scope=\"row\">")
                        .append(PhaseBar.swatch(each.getKey()))
                        .append(Html.escape(each.getKey()))
                        .append("</th><td>")
                        .append(Html.count(each.getValue().path("count")))
                        .append("</td><td>")
                        .append(percent(each.getValue().path("share")))
                        .append("</td><td>")
                        .append(percent(each.getValue().path("timeShare")))
                        .append("</td></tr>"));
        out.append("</tbody></table></div>\n");
    }

    private void slowest() {
        JsonNode slowest = tails.path("slowest");
        out.append(
                        "<p class=\"note\">Each has one cause: what took at least half of the time that it was slower by than")
                .append(
                        " the run's median; first pauses of the processes, then phases. Unexplained: none did. The rules are")
                .append(" in docs/results.md. ")
                .append(stoodStill())
                .append(" (<code>summary.json: tails, pauses</code>)</p>\n<h3>The ")
                .append(slowest.size())
                .append(
                        " slowest invocations</h3>\n<div class=\"tools\"><label>Filter by function <input type=\"search\"")
                .append(" data-filter=\"")
                .append(TABLE)
                .append("\" autocomplete=\"off\"></label><span class=\"note\" id=\"")
                .append(TABLE)
                .append("-count\" aria-live=\"polite\"></span></div>\n<div class=\"scroll tall\" tabindex=\"0\"")
                .append(" role=\"region\" aria-label=\"Slowest invocations\"><table class=\"grid\" data-sortable id=\"")
                .append(TABLE)
                .append("\"><thead><tr>");
        for (int column = 0; column < COLUMNS.size(); column++) {
            out.append("<th scope=\"col\"")
                    .append(column >= FIRST_TEXT ? " class=\"text\"" : "")
                    .append(column == SORTED ? " aria-sort=\"descending\"" : "")
                    .append("><button type=\"button\">")
                    .append(COLUMNS.get(column))
                    .append("</button></th>");
        }
        out.append("</tr></thead><tbody>");
        slowest.forEach(this::row);
        out.append("</tbody></table></div>\n<ul class=\"key\">");
        PARTS.stream()
                .filter(part -> slowest.valueStream()
                        .anyMatch(each -> each.path("partsUs").has(part)))
                .forEach(part -> out.append("<li>")
                        .append(PhaseBar.swatch(part))
                        .append(part)
                        .append("</li>"));
        out.append("</ul>\n");
    }

    private void row(JsonNode slow) {
        Map<String, Double> parts = new LinkedHashMap<>();
        slow.path("partsUs")
                .properties()
                .forEach(each -> parts.put(each.getKey(), each.getValue().asDouble(0)));
        out.append("<tr><th scope=\"row\">")
                .append(RunPage.text(slow, "function"))
                .append("</th><td>")
                .append(Html.figure(slow.path("startSeconds"), "%.3f", ""))
                .append("</td><td>")
                .append(Html.duration(slow.path("totalUs")))
                .append("</td><td>")
                .append(billed(slow.path("billedMs"), slow.path("unbilledInitMs")))
                .append("</td><td class=\"text wide\">")
                .append(PhaseBar.render(parts))
                .append("<span class=\"hidden\">")
                .append(RunPage.text(slow, "phase"))
                .append("</span></td><td class=\"text\">")
                .append(Cause.of(slow.path("cause").asString("")).title())
                .append("</td><td class=\"text\">")
                .append(known(slow.path("start")))
                .append("</td><td class=\"text\">")
                .append(RunPage.text(slow, "status"))
                .append("</td><td class=\"text\"><code>")
                .append(known(slow.path("requestId")))
                .append("</code></td></tr>\n");
    }

    /** With what only the rule since August 2025 adds, where it adds anything. Bundles of before have neither. */
    private static String billed(JsonNode billedMs, JsonNode unbilledInitMs) {
        if (!billedMs.isNumber()) {
            return Html.NONE;
        }
        String billed = Html.count(billedMs);
        return unbilledInitMs.asLong(0) == 0
                ? billed
                : billed + " <span class=\"note\">+ " + Html.count(unbilledInitMs) + " init</span>";
    }

    private static String known(JsonNode text) {
        return text.isString() ? Html.escape(text.asString()) : Html.NONE;
    }

    /** Empty of a simulation. */
    private String stoodStill() {
        if (!pauses.isObject()) {
            return "";
        }
        return said("The server", pauses.path("server")) + said("The generator", pauses.path("generator"));
    }

    private static String said(String who, JsonNode of) {
        if (!of.isObject()) {
            return who + " does not tell its pauses. ";
        }
        JsonNode collections = of.path("collections");
        JsonNode stalls = of.path("stalls");
        long dropped = of.path("dropped").asLong();
        return String.format(
                Locale.ROOT,
                "%s collected garbage %d times (%.0f ms) and was stalled %d times (%.0f ms)%s%s. ",
                who,
                collections.path("count").asLong(),
                collections.path("totalMs").asDouble(),
                stalls.path("count").asLong(),
                stalls.path("totalMs").asDouble(),
                withoutProcessor(of.path("cpuWaits")),
                dropped == 0 ? "" : ", not counting " + dropped + " earlier pauses that it could not keep");
    }

    /** Of bundles of before, and where the system does not tell, nothing. */
    private static String withoutProcessor(JsonNode waits) {
        return waits.isObject()
                ? String.format(
                        Locale.ROOT,
                        "; its threads had work and no processor %d times (%.0f ms)",
                        waits.path("count").asLong(),
                        waits.path("totalMs").asDouble())
                : "";
    }
}
