package dev.thaw.results;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The report of a plan: the answer and how sure it is, what a lost host breaks, memory, and the way there. */
final class PlanPage {
    private static final double PERCENT = 100;

    private final RunBundle bundle;
    private final JsonNode summary;
    private final StringBuilder out = new StringBuilder();

    private PlanPage(RunBundle bundle) {
        this.bundle = bundle;
        summary = bundle.summary();
    }

    static String render(RunBundle bundle) throws IOException {
        return new PlanPage(bundle).render();
    }

    private String render() throws IOException {
        RunPage.header(out, bundle.manifest());
        verdict();
        figures();
        bound();
        memory();
        trials();
        out.append(DetailSections.render(bundle));
        return Page.of(bundle.id(), out.toString(), charts());
    }

    private void verdict() {
        boolean holds = summary.path("holds").asBoolean(false);
        JsonNode fleet = summary.path("fleet");
        out.append("<div class=\"verdict ")
                .append(holds ? "good" : "bad")
                .append("\" role=\"status\"><strong>")
                .append(holds ? "" : "No plan within " + hosts(summary.path("maxHosts")) + "; the best reached: ")
                .append(hosts(fleet.path("hosts")))
                .append(" of ")
                .append(PlanText.memory(summary.path("host").path("memoryMib").asInt(0)))
                .append(" and ")
                .append(Html.number(summary.path("host").path("milliVcpus").asDouble(0) / 1_000))
                .append(" vCPUs: ")
                .append(Html.escape(name(fleet)))
                .append("</strong><ul>");
        summary.path("objectives").forEach(each -> item("objective " + each.asString()));
        fleet.path("broken").forEach(each -> item("breaks " + each.asString()));
        summary.path("impossible").forEach(each -> item(each.asString()));
        item(lost());
        if (holds) {
            item("N+1: " + hosts(summary.path("oneMore").path("hosts")) + ", of which any may be lost");
        }
        out.append("</ul>Nothing ran: durations are drawn from models: ")
                .append(RunPage.text(bundle.manifest().path("configuration"), VirtualSections.MODEL_KEY))
                .append(".</div>\n");
    }

    private String lost() {
        JsonNode fewer = summary.path("oneFewer");
        if (!fewer.isObject()) {
            return "a host lost: there is no other, nothing is served";
        }
        StringBuilder broken = new StringBuilder();
        fewer.path("broken")
                .forEach(each ->
                        broken.append(broken.isEmpty() ? "breaks " : ", ").append(each.asString()));
        return "a host lost (" + hosts(fewer.path("hosts")) + "): "
                + (broken.isEmpty() ? "holds all objectives" : broken);
    }

    private void item(String text) {
        out.append("<li>").append(Html.escape(text)).append("</li>");
    }

    private static String hosts(JsonNode count) {
        return PlanText.hosts(count.asInt(0));
    }

    private static String name(JsonNode fleet) {
        StringBuilder name = new StringBuilder();
        fleet.path("settings")
                .properties()
                .forEach(each -> name.append(name.isEmpty() ? "" : ", ")
                        .append(each.getKey().equals("keepAlive") ? "keep-alive" : each.getKey())
                        .append(' ')
                        .append(each.getValue().asString()));
        return name.toString();
    }

    private void figures() {
        head("What it does", "Figures", "figure", "plan", "95 % interval", "a host lost", "a host more");
        row("hosts", summary.path("hosts"), summary.path("oneFewer").path("hosts"), "hosts");
        for (PlanFigure figure : PlanFigure.ALL) {
            JsonNode interval = summary.path("figures").path(figure.key);
            if (interval.isObject()) {
                row(figure.title, interval, figure(summary.path("oneFewer"), figure), figure.key);
            }
        }
        out.append("</tbody></table></div>\n<p class=\"note\">")
                .append(RunPage.text(summary, "confidence"))
                .append(" Costs are list prices of Lambda for the trace's time; hosts lost or more are so from the")
                .append(" first arrival on.</p>\n");
    }

    private void row(String title, JsonNode interval, JsonNode fewer, String key) {
        JsonNode more = key.equals("hosts")
                ? summary.path("oneMore").path("hosts")
                : summary.path("oneMore").path("figures").path(key);
        out.append("<tr><th scope=\"row\">").append(title).append("</th>");
        cell(interval.path("value"));
        out.append("<td>").append(ends(interval)).append("</td>");
        cell(fewer);
        cell(more);
        out.append("</tr>");
    }

    private static String ends(JsonNode interval) {
        return PlanText.interval(number(interval.path("low")), number(interval.path("high")))
                .replace(" to ", " &ndash; ");
    }

    private static @Nullable Double number(JsonNode value) {
        return value.isNumber() ? (Double) value.asDouble() : null;
    }

    private static JsonNode figure(JsonNode fleet, PlanFigure figure) {
        return fleet.path("figures").path(figure.key);
    }

    private void cell(JsonNode value) {
        out.append("<td>");
        figure(value);
        out.append("</td>");
    }

    /** Sorted by the figure, which is all that earlier plans told. */
    private void withInterval(JsonNode interval) {
        out.append("<td>");
        figure(interval.isNumber() ? interval : interval.path("value"));
        String ends = ends(interval);
        out.append(ends.isEmpty() ? "" : " (" + ends + ")").append("</td>");
    }

    private void figure(JsonNode value) {
        if (value.isNumber()) {
            out.append("<data value=\"")
                    .append(value.asString())
                    .append("\">")
                    .append(PlanFigure.text(value.asDouble()))
                    .append("</data>");
        } else {
            out.append(Html.NONE);
        }
    }

    private void bound() {
        out.append("<h2>What can be told without a simulation</h2>\n<ul>");
        summary.path("bound").path("notes").forEach(each -> item(each.asString()));
        summary.path("assumed").forEach(each -> item("assumed: " + each.asString()));
        out.append("</ul>\n");
        RunSections.chart(
                out,
                "curve",
                "Cold starts in percent against memory for environments in GiB",
                "FaasCache's hit-ratio curve: LRU on one host, each invocation ended before the next one comes.");
    }

    private void memory() {
        JsonNode memory = summary.path("memory");
        out.append("<h2>Memory by function</h2>\n<ul>");
        memory.path("notes").forEach(each -> item(each.asString()));
        out.append("</ul>\n");
        if (memory.path("functions").isEmpty()) {
            return;
        }
        head(
                "",
                "Memory",
                "function",
                "CPU part",
                "MiB now",
                "chosen",
                "sure, %",
                "verdict",
                "latency now, ms",
                "then",
                "then by now",
                "USD now",
                "then",
                "then by now");
        memory.path("functions").forEach(each -> {
            out.append("<tr><th scope=\"row\">")
                    .append(RunPage.text(each, "function"))
                    .append("</th>");
            cell(each.path("cpuPart"));
            cell(each.path("memoryMib"));
            cell(each.path("chosenMib"));
            SortedMap<Integer, Double> chosenIn = chosenIn(each);
            Double sure = chosenIn.get(each.path("chosenMib").asInt(0));
            cell(sure == null ? MissingNode.getInstance() : DoubleNode.valueOf(sure * PERCENT));
            out.append("<td class=\"text fold\">")
                    .append(Html.escape(verdict(each, chosenIn)))
                    .append("</td>");
            each.path("latencyMs").forEach(this::withInterval);
            withInterval(each.path("latencyRatio"));
            each.path("usd").forEach(this::withInterval);
            withInterval(each.path("usdRatio"));
            out.append("</tr>");
        });
        out.append("</tbody></table></div>\n");
        if (memory.path("functions").path(0).path("percentilesMs").isObject()) {
            tails(memory);
        }
    }

    private void tails(JsonNode memory) {
        head("", "Tails by memory", "function", "p50 now, ms", "then", "p99 now, ms", "then");
        memory.path("functions").forEach(each -> {
            out.append("<tr><th scope=\"row\">")
                    .append(RunPage.text(each, "function"))
                    .append("</th>");
            each.path("percentilesMs").forEach(percentile -> percentile.forEach(this::withInterval));
            out.append("</tr>");
        });
        out.append("</tbody></table></div>\n");
    }

    private static SortedMap<Integer, Double> chosenIn(JsonNode sizing) {
        SortedMap<Integer, Double> shares = new TreeMap<>();
        sizing.path("chosenIn")
                .properties()
                .forEach(each -> shares.put(
                        Integer.valueOf(each.getKey()), each.getValue().asDouble(0)));
        return shares;
    }

    private static String verdict(JsonNode sizing, SortedMap<Integer, Double> chosenIn) {
        JsonNode tooFew = sizing.path("tooFew");
        return PlanText.verdict(
                sizing.path("verdict").asString(""),
                sizing.path("chosenMib").asInt(0),
                chosenIn,
                tooFew.isString() ? tooFew.asString() : null);
    }

    private void trials() {
        List<PlanFigure> shown = List.of(
                PlanFigure.COLD,
                PlanFigure.THROTTLED,
                PlanFigure.P50,
                PlanFigure.P99,
                PlanFigure.ADDED_P99,
                PlanFigure.USD,
                PlanFigure.IDLE_GB_S);
        List<String> columns = new ArrayList<>(List.of("settings", "hosts", "breaks"));
        shown.forEach(figure -> columns.add(figure.title));
        head("The way there", "Simulated fleets", columns.toArray(String[]::new));
        summary.path("trials").forEach(each -> {
            out.append("<tr><th scope=\"row\">").append(Html.escape(name(each))).append("</th>");
            cell(each.path("hosts"));
            out.append("<td><data value=\"")
                    .append(each.path("broken").size())
                    .append("\">")
                    .append(each.path("broken").size())
                    .append("</data></td>");
            for (PlanFigure figure : shown) {
                cell(figure(each, figure));
            }
            out.append("</tr>");
        });
        out.append("</tbody></table></div>\n<p class=\"note\">Every fleet that the search simulated; breaks: how many")
                .append(" objectives it does not hold.</p>\n");
    }

    private void head(String title, String label, String... columns) {
        out.append(title.isEmpty() ? "" : "<h2>" + title + "</h2>\n")
                .append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(label)
                .append("\"><table class=\"grid\" data-sortable><thead><tr>");
        for (int column = 0; column < columns.length; column++) {
            out.append("<th scope=\"col\"")
                    .append(column == 0 ? " class=\"text\"" : "")
                    .append("><button type=\"button\">")
                    .append(columns[column])
                    .append("</button></th>");
        }
        out.append("</tr></thead><tbody>");
    }

    private ObjectNode charts() {
        ObjectNode root = Json.MAPPER.createObjectNode();
        ObjectNode curve = root.putObject("curve");
        ArrayNode xs = curve.putArray("x");
        ArrayNode ys = curve.putArray("y");
        summary.path("bound").path("curveMib").forEach(each -> xs.add(each.asDouble() / 1_024));
        summary.path("bound").path("curvePercent").forEach(ys::add);
        return root;
    }
}
