package dev.thaw.results;

import dev.thaw.results.cost.PriceList;
import dev.thaw.results.cost.RunCost;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What follows the first screen of a load's or a replay's report. */
final class RunSections {
    private static final String NINES =
            "Time by percentile of all invocations that ran; both scales are logarithmic. From"
                    + " <code>latency.hlog</code>, <code>service.hlog</code> and <code>lateness.hlog</code>. Where the first two"
                    + " curves part, invocations waited before they could be sent.";

    private final RunBundle bundle;
    private final JsonNode summary;
    private final StringBuilder out = new StringBuilder();

    RunSections(RunBundle bundle) {
        this.bundle = bundle;
        summary = bundle.summary();
    }

    String render() {
        latency();
        overTime();
        out.append(TailSection.render(summary));
        coldStarts();
        out.append(PhaseSection.render(summary));
        out.append(ColdStartSection.render(summary));
        cost();
        out.append(CostSection.render(summary));
        out.append(FunctionSection.render(summary.path("functions")));
        out.append(DetailSections.render(bundle));
        return out.toString();
    }

    private void latency() {
        out.append("<h2>Latency by percentile</h2>\n");
        chart(
                out,
                "nines",
                "Latency by percentile on a logarithmic scale of nines",
                isVirtual() ? VirtualSections.NINES : NINES);
        JsonNode latency = summary.path("latencyUs");
        out.append(
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Percentiles\"><table class=\"grid\">")
                .append("<thead><tr><th scope=\"col\">measure</th><th>count</th><th>p50</th><th>p90</th><th>p99</th>")
                .append("<th>p99.9</th><th>max</th><th>mean</th></tr></thead><tbody>");
        percentileRow(out, "from intended start", latency.path("fromIntended"));
        if (!isVirtual()) {
            percentileRow(out, "service, from sent", latency.path("service"));
        }
        JsonNode overhang = summary.path("extensionOverhangUs");
        if (overhang.isObject()) {
            percentileRow(out, "extensions, after the answer", overhang);
        }
        if (isVirtual()) {
            VirtualSections.percentileRows(out, summary);
        } else {
            percentileRow(out, "generator's lateness", summary.path("latenessUs"));
            percentileRow(out, "host's hiccups", summary.path("hiccupUs"));
        }
        out.append("</tbody></table></div>\n");
    }

    private boolean isVirtual() {
        return bundle.kind().equals(VirtualRecorder.KIND);
    }

    private void overTime() {
        out.append("<h2>Over time</h2>\n");
        chart(
                out,
                "time",
                "Median, 99th percentile and longest latency over time",
                "Latency from the intended start by the second in which the answer came, p99 where there were 100"
                        + " answers and more, from <code>latency.hlog</code>.");
        out.append("<div class=\"pair\">\n");
        chart(
                out,
                "rate",
                "Planned, sent, completed, failed and throttled invocations per second over time",
                "Each event in the second in which it happened, from <code>seconds.csv</code>.");
        chart(
                out,
                "cold",
                "Cold starts, their victims and suppressed inits per second over time",
                "Invocations per second that an init delayed, stacked, from <code>seconds.csv</code>.");
        out.append("</div>\n");
        chart(
                out,
                "fleet",
                "Environments by state over time",
                "Environments of the server by state, stacked, sampled once a second, from <code>fleet.csv</code>.");
        windows();
    }

    private void windows() {
        JsonNode windows = summary.path("windows");
        if (windows.size() < 2) {
            return;
        }
        out.append("<details><summary>The same figures in ")
                .append(windows.size())
                .append(" windows: does the run hold from beginning to end?</summary>")
                .append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Latency by window\">")
                .append("<table class=\"grid\"><thead><tr><th scope=\"col\">intended start, s</th><th>count</th>")
                .append(
                        "<th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>max</th><th>mean</th></tr></thead><tbody>");
        for (JsonNode window : windows) {
            String name = Html.number(window.path("fromSeconds").asDouble()) + " to "
                    + Html.number(window.path("toSeconds").asDouble());
            percentileRow(out, name, window.path("latencyUs"));
        }
        out.append("</tbody></table></div></details>\n");
    }

    private void coldStarts() {
        JsonNode cold = summary.path("coldStarts");
        out.append("<h2>Cold starts and who paid for them</h2>\n<dl class=\"counts\">");
        each("triggered a cold start", Html.count(cold.path("triggered")));
        each("victims: waited behind one", Html.count(cold.path("victims")));
        each("paid a suppressed init", Html.count(cold.path("suppressedInits")));
        each("p50 delayed by init", Html.percentile(cold.path("delayedUs"), Percentile.P50));
        each("p99 delayed by init", Html.percentile(cold.path("delayedUs"), Percentile.P99));
        each("p50 warm", Html.percentile(cold.path("warmUs"), Percentile.P50));
        each("p99 warm", Html.percentile(cold.path("warmUs"), Percentile.P99));
        out.append("</dl><p class=\"note\">Latency from the intended start; from the server's records")
                .append(
                        " (<code>summary.json: coldStarts</code>). Victims did not cause the init they waited for.</p>\n");
    }

    private void cost() {
        JsonNode cost = summary.path("costUsd");
        JsonNode cpu = summary.path("cpu");
        JsonNode slowdown = summary.path("slowdown");
        out.append("<h2>Resources and cost</h2>\n<dl class=\"counts wide\">");
        each("billed", Html.figure(summary.path("billedMs"), "%,.0f", "ms"));
        each("memory time", Html.figure(summary.path("gbSeconds"), "%,.4f", "GB-s"));
        prices(cost);
        each("requests, apart", Html.figure(cost.path("requests"), "%.8f", "USD"));
        each("waited for CPU quota", Html.figure(cpu.path("throttledMs"), "%,.1f", "ms"));
        each("CPU time", Html.figure(cpu.path("cpuMs"), "%,.1f", "ms"));
        each("most memory held", Html.figure(cpu.path("peakMemoryMib"), "%,.1f", "MiB"));
        each("slowdown p50", Html.percentile(slowdown, Percentile.P50, "%.2f", "&times;"));
        each("slowdown p99", Html.percentile(slowdown, Percentile.P99, "%.2f", "&times;"));
        out.append("</dl><p class=\"note\">From ")
                .append(Html.count(summary.path("serverRecords")))
                .append(
                        " server records. 0.0000166667 (x86_64) and 0.0000133334 (arm64) USD per GB-s on demand, 0.20 USD per")
                .append(
                        " million requests: list prices, no free tier. Slowdown is latency from the intended start over")
                .append(" the handler's own time.")
                .append(
                        " A what-if prices the same billed time; how long another processor takes it cannot know.</p>\n");
    }

    /** What ran at its own price; the price of what did not run as a what-if; what has no price here without. */
    private void prices(JsonNode cost) {
        if (summary.path("emulated").asBoolean(false)) {
            each("cost", "<span class=\"badge\">emulated</span> <span class=\"none\">not priced</span>");
            return;
        }
        JsonNode provisioned = cost.path(RunCost.PROVISIONED);
        if (provisioned.path(RunCost.UNKNOWN).isString()) {
            String why = Html.escape(provisioned.path(RunCost.UNKNOWN).asString());
            each("cost", "<span class=\"none\">not priced, of provisioned concurrency: " + why + "</span>");
            return;
        }
        for (PriceList price : PriceList.values()) {
            JsonNode ran = cost.path(price.key());
            if (ran.isNumber()) {
                each("cost on " + price.key(), Html.figure(ran, "%.8f", "USD"));
            } else {
                JsonNode whatIf = cost.path("whatIf").path(price.key());
                each("what if all on " + price.key(), Html.figure(whatIf, "%.8f", "USD"));
            }
        }
        if (provisioned.isObject()) {
            provisioned(provisioned);
        }
    }

    private void provisioned(JsonNode provisioned) {
        for (PriceList price : PriceList.values()) {
            JsonNode usd = provisioned.path("usd").path(price.key());
            each("of that provisioned concurrency, " + price.key(), Html.figure(usd, "%.8f", "USD"));
        }
        each("kept ready by it", Html.figure(provisioned.path("keptGbSeconds"), "%,.4f", "GB-s"));
        each("ran on it", Html.figure(provisioned.path("ranGbSeconds"), "%,.4f", "GB-s"));
        each("invocations on it", Html.count(provisioned.path("invocations")));
        each("spilled over", Html.count(provisioned.path("spillovers")));
    }

    private void each(String name, String html) {
        out.append("<div><dt>").append(name).append("</dt><dd>").append(html).append("</dd></div>");
    }

    static void percentileRow(StringBuilder out, String name, JsonNode us) {
        out.append("<tr><th scope=\"row\">").append(name).append("</th><td>").append(Html.count(us.path("count")));
        for (Percentile percentile : Percentile.ALL) {
            out.append("</td><td>").append(Html.percentile(us, percentile));
        }
        for (String key : List.of("max", "mean")) {
            out.append("</td><td>").append(us.path(key).isNumber() ? Html.duration(us.path(key)) : Html.NONE);
        }
        out.append("</td></tr>");
    }

    static void chart(StringBuilder out, String key, String name, String caption) {
        out.append(String.format(
                Locale.ROOT,
                "<figure><h3>%s</h3><div class=\"plot\" data-chart=\"%s\" role=\"img\" aria-label=\"%s\"></div>"
                        + "<figcaption>%s</figcaption></figure>%n",
                name,
                key,
                name,
                caption));
    }
}
