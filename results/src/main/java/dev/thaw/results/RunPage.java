package dev.thaw.results;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The first screen of a load's or a replay's report: may it be trusted, how slow is the tail, what ran, where. */
final class RunPage {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Counts from here on need more room. */
    private static final long MANY = 10_000_000;

    private final JsonNode manifest;
    private final JsonNode summary;
    private final StringBuilder out = new StringBuilder();

    private RunPage(RunBundle bundle) {
        manifest = bundle.manifest();
        summary = bundle.summary();
    }

    static String render(RunBundle bundle) throws IOException {
        RunPage page = new RunPage(bundle);
        if (bundle.kind().equals(VirtualRecorder.KIND)) {
            page.virtualScreen();
        } else {
            page.firstScreen();
        }
        page.out.append(new RunSections(bundle).render());
        return Page.of(bundle.id(), page.out.toString(), ChartData.of(bundle));
    }

    private void firstScreen() {
        header(out, manifest);
        verdict();
        tiles();
        counts();
        out.append("<div class=\"cards\">\n");
        certificate();
        host();
        method();
        out.append("</div>\n");
    }

    /** Nothing ran: what is said of a host, a generator and isolation is of models and a fleet instead. */
    private void virtualScreen() {
        header(out, manifest);
        VirtualSections sections = new VirtualSections(manifest, summary, out);
        sections.verdict();
        tiles();
        counts();
        sections.cards();
    }

    static void header(StringBuilder out, JsonNode manifest) {
        out.append("<header><div class=\"kicker\">thaw ")
                .append(text(manifest, "kind"))
                .append(" &middot; ")
                .append(date(manifest.path("opened").asString("")))
                .append(manifest.path("seed").isMissingNode() ? "" : " &middot; seed " + text(manifest, "seed"))
                .append("</div>\n<h1>")
                .append(text(manifest, "name"))
                .append("</h1>\n<code class=\"command\">")
                .append(text(manifest, "command"))
                .append("</code></header>\n");
    }

    private static String date(String opened) {
        return opened.isEmpty() ? "unknown date" : DATE.format(Instant.parse(opened));
    }

    private void verdict() {
        JsonNode verdict = summary.path("verdict");
        if (verdict.path("withinBudget").asBoolean(false)) {
            out.append("<div class=\"verdict good\" role=\"status\"><strong>Within budget.</strong> ")
                    .append("The generator kept to its plan and nothing was lost: the figures below may be trusted.");
        } else {
            out.append("<div class=\"verdict bad\" role=\"status\"><strong>Over budget.</strong> ")
                    .append("Do not compare these figures before the cause is gone:<ul>");
            verdict.path("overBudget")
                    .forEach(line -> out.append("<li>")
                            .append(Html.escape(line.asString()))
                            .append("</li>"));
            out.append("</ul>");
        }
        if (summary.path("emulated").asBoolean(false)) {
            out.append(
                            "<p><span class=\"badge\">emulated</span> At least one function ran on an emulated processor: its")
                    .append(" speed says nothing about the real one.</p>");
        }
        out.append(FaultFigures.warning(summary));
        out.append("</div>\n");
    }

    private void tiles() {
        JsonNode latency = summary.path("latencyUs").path("fromIntended");
        out.append("<dl class=\"tiles\" aria-label=\"Latency from the intended start\">");
        for (Percentile percentile : List.of(Percentile.P50, Percentile.P99, Percentile.P999)) {
            tile(percentile.title + " latency", Html.percentile(latency, percentile));
        }
        tile("longest latency", Html.duration(latency.path("max")));
        out.append("</dl>\n<p class=\"note\">Latency from the intended start, of ")
                .append(Html.count(latency.path("count")))
                .append(" invocations that ran (<code>summary.json: latencyUs.fromIntended</code>). A percentile is")
                .append(" told only where a sample lies beyond it: p90 of 10 and more, p99 of 100, p99.9 of 1,000;")
                .append(" with fewer it would be the longest by another name, and a dash stands for it.</p>\n");
    }

    private void tile(String name, String html) {
        out.append("<div class=\"tile\"><dt>")
                .append(name)
                .append("</dt><dd>")
                .append(html)
                .append("</dd></div>");
    }

    private void counts() {
        boolean many = summary.path("invocations").path("planned").asLong(0) >= MANY;
        out.append(many ? "<dl class=\"counts wide\"" : "<dl class=\"counts\"")
                .append(" aria-label=\"Invocations by how they ended\">");
        count("planned", "planned", false);
        count("sent", "sent", false);
        count("completed", "completed", false);
        count("ok", "ok", false);
        count("function errors", "functionErrors", true);
        count("timed out", "timedOut", true);
        count("throttled", "throttled", true);
        count("other errors", "errors", true);
        count("lost", "lost", true);
        count("unsent", "unsent", true);
        out.append("</dl>\n");
    }

    private void count(String name, String key, boolean alarming) {
        JsonNode count = summary.path("invocations").path(key);
        out.append(alarming && count.asLong(0) > 0 ? "<div class=\"alarm\"><dt>" : "<div><dt>")
                .append(name)
                .append("</dt><dd>")
                .append(Html.count(count))
                .append("</dd></div>");
    }

    private void certificate() {
        JsonNode verdict = summary.path("verdict");
        out.append("<section class=\"card\"><h3>Lateness certificate</h3><table class=\"grid\"><thead>")
                .append("<tr><th scope=\"col\">late by</th><th>p50</th><th>p99</th><th>p99.9</th><th>max</th></tr>")
                .append("</thead><tbody>");
        late("generator", summary.path("latenessUs"));
        late("host", summary.path("hiccupUs"));
        out.append("</tbody></table><dl class=\"kv\">");
        row("budget", "generator's " + judged() + " at most " + Html.duration(verdict.path("latenessBudgetUs")));
        row("sent of planned", sentShare() + ", budget 99.9 %");
        row("rows dropped", Html.count(verdict.path("rowsDropped")));
        out.append("</dl><p class=\"note\">Generator: sent minus intended start, every sent invocation (")
                .append("<code>lateness.hlog</code>). Host: how late a thread asking for 1 ms of sleep woke (")
                .append("<code>hiccup.hlog</code>); what stalls it may have stalled everything measured here.</p>")
                .append("</section>\n");
    }

    private String judged() {
        long count = summary.path("latenessUs").path("count").asLong(0);
        return Percentile.P999.isKnown(count) ? "p99.9" : "longest (too few for a p99.9)";
    }

    private String sentShare() {
        long planned = summary.path("invocations").path("planned").asLong(0);
        long sent = summary.path("invocations").path("sent").asLong(0);
        return planned == 0 ? "nothing planned" : String.format(Locale.ROOT, "%.3f %%", 100.0 * sent / planned);
    }

    private void late(String who, JsonNode us) {
        out.append("<tr><th scope=\"row\">").append(who).append("</th>");
        for (Percentile percentile : List.of(Percentile.P50, Percentile.P99, Percentile.P999)) {
            out.append("<td>").append(Html.percentile(us, percentile)).append("</td>");
        }
        JsonNode longest = us.path("max");
        out.append("<td>")
                .append(longest.isNumber() ? Html.duration(longest) : Html.NONE)
                .append("</td></tr>");
    }

    private void host() {
        JsonNode host = manifest.path("host");
        out.append("<section class=\"card\"><h3>Host and isolation</h3><dl class=\"kv\">");
        row("processor", text(host, "cpuModel") + ", " + text(host, "cores") + " cores");
        row("kernel", text(host, "kernel"));
        row("memory", text(host, "memoryMib") + " MiB");
        row("backend", text(manifest, "backend"));
        row("isolation", text(manifest, "isolation"));
        row("emulated", emulated());
        out.append("</dl>");
        features();
        out.append("</section>\n");
    }

    private void features() {
        JsonNode features = manifest.path("isolationFeatures");
        if (features.isEmpty()) {
            out.append("<p class=\"note\">The target did not say what isolates its functions.</p>");
            return;
        }
        out.append("<ul class=\"features\">");
        features.properties().forEach(each -> {
            String detail = each.getValue().asString();
            boolean missing = detail.startsWith("missing:");
            out.append(missing ? "<li class=\"missing\"><b>no " : "<li><b>")
                    .append(Html.escape(each.getKey()))
                    .append("</b> <span>")
                    .append(Html.escape(
                            missing ? detail.substring("missing:".length()).strip() : detail))
                    .append("</span></li>");
        });
        out.append("</ul>");
    }

    private void method() {
        out.append("<section class=\"card\"><h3>How latency is measured</h3>")
                .append(
                        "<p>Open loop: every start is planned before the run. Latency counts from the <em>intended</em>")
                .append(" start to the last byte of the answer, so neither a slow server nor a late generator can hide")
                .append(" waiting time. Service time counts from the moment the request was sent.</p>")
                .append("<p>Only invocations that ran count: good answers, function errors and timeouts. Throttled,")
                .append(" refused and lost ones are counted above and left out of the percentiles, which they would")
                .append(
                        " flatter.</p><p class=\"note\">HdrHistogram, ns, 3 significant digits: a percentile is at most")
                .append(" 0.1 % above the true value.</p></section>\n");
    }

    private void row(String name, String html) {
        out.append("<dt>").append(name).append("</dt><dd>").append(html).append("</dd>");
    }

    static String text(JsonNode node, String key) {
        return Html.escape(node.path(key).asString("unknown"));
    }

    /** Bundles of before there was {@code emulation} have {@code emulated} only. */
    private String emulated() {
        JsonNode emulated = summary.path("emulated");
        if (!emulated.isBoolean()) {
            return "unknown";
        }
        boolean mixed = summary.path(Emulation.KEY).asString("").equals(Emulation.MIXED.key());
        String badge = "<span class=\"badge\">" + (mixed ? "some" : "yes") + "</span>";
        return emulated.asBoolean() ? badge : "no";
    }
}
