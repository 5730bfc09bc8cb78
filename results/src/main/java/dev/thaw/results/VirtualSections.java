package dev.thaw.results;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the report of a simulation says in place of a live run's: virtual time, models, policies, fleet. */
final class VirtualSections {
    /** Setting in {@link RunPlan#configuration}: where durations come from, in words. */
    static final String MODEL_KEY = "model";

    /** Below the plot of percentiles. */
    static final String NINES = "Time by percentile of all invocations that ran; both scales are logarithmic. From"
            + " <code>latency.hlog</code>; there is no generator that could be late.";

    private static final Map<String, String> POLICIES = Map.of(
            "keepAlive", "keep-alive",
            "placement", "placement",
            "queueing", "queueing",
            "scaling", "scaling",
            "provisioned", "provisioned concurrency of each function",
            "failures", "failures on purpose",
            "hosts", "hosts",
            "hostMemoryMib", "memory of each, MiB",
            "hostVcpus", "vCPUs of each");

    private final JsonNode manifest;
    private final JsonNode summary;
    private final StringBuilder out;

    VirtualSections(JsonNode manifest, JsonNode summary, StringBuilder out) {
        this.manifest = manifest;
        this.summary = summary;
        this.out = out;
    }

    void verdict() {
        boolean good = summary.path("verdict").path("withinBudget").asBoolean(false);
        out.append("<div class=\"verdict ")
                .append(good ? "good" : "bad")
                .append("\" role=\"status\"><strong>Virtual time.</strong> Nothing ran. The scheduler that serves live")
                .append(" decided; durations are drawn from models: ")
                .append(RunPage.text(manifest.path("configuration"), MODEL_KEY))
                .append(". The figures are as good as these.");
        if (!good) {
            out.append("<ul>");
            summary.path("verdict")
                    .path("overBudget")
                    .forEach(line -> out.append("<li>")
                            .append(Html.escape(line.asString()))
                            .append("</li>"));
            out.append("</ul>");
        }
        out.append("</div>\n");
    }

    void cards() {
        out.append("<div class=\"cards\">\n");
        policies();
        fleet();
        method();
        out.append("</div>\n");
    }

    private void policies() {
        out.append("<section class=\"card\"><h3>Policies and hosts</h3><dl class=\"kv\">");
        JsonNode configuration = manifest.path("configuration");
        POLICIES.keySet().stream()
                .sorted()
                .filter(configuration::has)
                .forEach(key -> row(POLICIES.getOrDefault(key, key), RunPage.text(configuration, key)));
        out.append("</dl></section>\n");
    }

    private void fleet() {
        JsonNode virtual = summary.path(VirtualTotals.KEY);
        out.append("<section class=\"card\"><h3>Fleet</h3><dl class=\"kv\">");
        row("cold starts", Html.figure(percent(virtual.path("coldShare")), "%.3f", "%"));
        row("environments created", Html.count(virtual.path("environmentsCreated")));
        row("of these, ahead of invocations", Html.count(virtual.path("environmentsPrewarmed")));
        row("most at the same time", Html.count(virtual.path("mostEnvironments")));
        row("billed", Html.figure(virtual.path("billedGbSeconds"), "%,.3f", "GB-s"));
        row("billed for inits", Html.figure(virtual.path("billedInitGbSeconds"), "%,.3f", "GB-s"));
        row("idle", Html.figure(virtual.path("idleGbSeconds"), "%,.3f", "GB-s"));
        row("hosts in use", Html.figure(virtual.path("hostHours"), "%,.3f", "hours"));
        virtual.path("refusals")
                .properties()
                .forEach(each -> row("refused, " + Html.escape(each.getKey()), Html.count(each.getValue())));
        out.append("</dl></section>\n");
    }

    private static JsonNode percent(JsonNode share) {
        return share.isNumber() ? Json.MAPPER.valueToTree(share.asDouble() * 100) : share;
    }

    private void method() {
        out.append("<section class=\"card\"><h3>How this was simulated</h3>")
                .append("<p>Next event by next event, by the scheduler's own code. Hosts share their CPU by quotas;")
                .append(" where those at work want more than there is, all of them get less.</p>")
                .append("<p>Each draw is named by seed, function, ordinal and purpose: another policy meets the same")
                .append(
                        " arrivals and the same durations, and the same seed gives the same figures on any machine.</p>")
                .append(
                        "<p class=\"note\">Latency counts from arrival. Added latency is what an answer took beyond its")
                .append(" handler's work. HdrHistogram, ns, 3 significant digits.</p></section>\n");
    }

    static void percentileRows(StringBuilder out, JsonNode summary) {
        JsonNode virtual = summary.path(VirtualTotals.KEY);
        RunSections.percentileRow(out, "added to the handler's work", virtual.path("addedUs"));
        RunSections.percentileRow(out, "queueing", virtual.path("queueingUs"));
    }

    static void files(StringBuilder out) {
        for (List<String> file : List.of(
                List.of(
                        "latency.hlog",
                        "latency from arrival by interval, and by function as tags, the whole run in one"),
                List.of("phases.hlog", "phases, tagged <code>start.phase</code>, such as <code>cold.create</code>"),
                List.of(
                        "invocations.csv.zst",
                        "rows of a sample of the invocations, or of all with <code>--rows</code>"),
                List.of("seconds.csv, fleet.csv", "counts and environments by interval"))) {
            DetailSections.file(out, file.getFirst(), file.getLast());
        }
    }

    private void row(String name, String html) {
        out.append("<dt>").append(name).append("</dt><dd>").append(html).append("</dd>");
    }
}
