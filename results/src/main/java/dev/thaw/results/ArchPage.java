package dev.thaw.results;

import java.io.IOException;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** The report of an {@code arch} bundle: a table for each kernel, a row for each build. */
final class ArchPage {
    private static final String[] COLUMNS = {
        "build", "checksum", "median", "95 % interval", "to scalar", "to baseline", "USD for 10^12", "instructions"
    };
    private static final double MILLION = 1e6;
    private static final double THOUSAND = 1e3;

    private final RunBundle bundle;
    private final JsonNode summary;
    private final StringBuilder out = new StringBuilder();

    private ArchPage(RunBundle bundle) {
        this.bundle = bundle;
        summary = bundle.summary();
    }

    static String render(RunBundle bundle) throws IOException {
        return new ArchPage(bundle).render();
    }

    private String render() throws IOException {
        RunPage.header(out, bundle.manifest());
        verdict();
        method();
        summary.path("kernels").forEach(this::kernel);
        out.append(DetailSections.render(bundle));
        return Page.of(bundle.id(), out.toString(), Json.MAPPER.createObjectNode());
    }

    private void verdict() {
        boolean agrees = summary.path("verdict").path("withinBudget").asBoolean(false);
        out.append("<div class=\"verdict ")
                .append(agrees ? "good" : "bad")
                .append("\" role=\"status\"><strong>")
                .append(agrees ? "All builds agree." : "Builds disagree.")
                .append("</strong> ")
                .append(summary.path("builds").size())
                .append(" builds of ")
                .append(summary.path("kernels").size())
                .append(" kernels, held to the checksums of plain Java.");
        list(summary.path("verdict").path("overBudget"));
        if (summary.path("emulated").asBoolean(false)) {
            out.append("<p><span class=\"badge\">emulated</span> builds ran on an emulated processor, for their")
                    .append(" checksums alone: they have no speed here.</p>");
        }
        if (!summary.path("notRun").isEmpty()) {
            out.append("<p>Not run:</p>");
            list(summary.path("notRun"));
        }
        out.append("</div>\n");
    }

    private void list(JsonNode lines) {
        if (!lines.isEmpty()) {
            out.append("<ul>");
            lines.forEach(each ->
                    out.append("<li>").append(Html.escape(each.asString())).append("</li>"));
            out.append("</ul>");
        }
    }

    private void method() {
        out.append("<p class=\"note\">Speed in millions of units a second: the median of rounds that go through all")
                .append(
                        " builds, each time in another order, in several passes with new processes, after a warm-up. The")
                .append(
                        " interval holds the true median with 95 %; a ratio is the median of the rounds' own ratios, to")
                .append(
                        " the scalar C build and to the instructions that every processor of the architecture has. Cost")
                .append(" is the list price of a function with one vCPU (")
                .append(RunPage.text(summary, "memoryMib"))
                .append(" MB) for 10<sup>12</sup> units: ");
        StringJoiner prices = new StringJoiner(", ");
        summary.path("usdPerGbSecond")
                .properties()
                .forEach(each -> prices.add(
                        Html.escape(each.getKey()) + " " + Html.figure(each.getValue(), "%.10f", "USD/GB-s")));
        out.append(prices)
                .append(
                        ". Instructions are counted in the disassembly of each kernel's code, by the registers that they")
                .append(" use.</p>\n");
    }

    private void kernel(JsonNode kernel) {
        String unit = kernel.path("unit").asString("units");
        out.append("<h2>")
                .append(RunPage.text(kernel, "name"))
                .append("</h2>\n<p class=\"note\">")
                .append(Html.count(kernel.path("unitsPerRun")))
                .append(' ')
                .append(Html.escape(unit))
                .append(" a run; checksum <code>")
                .append(RunPage.text(kernel, "checksum"))
                .append("</code></p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(RunPage.text(kernel, "name"))
                .append("\"><table class=\"grid\" data-sortable><thead><tr>");
        for (String column : COLUMNS) {
            boolean text = column.equals("build") || column.equals("checksum") || column.equals("instructions");
            out.append(text ? "<th scope=\"col\" class=\"text\">" : "<th scope=\"col\">")
                    .append("<button type=\"button\">")
                    .append(column.equals("median") ? "M " + Html.escape(unit) + "/s" : column)
                    .append("</button></th>");
        }
        out.append("</tr></thead><tbody>");
        kernel.path("builds").forEach(this::row);
        out.append("</tbody></table></div>\n");
    }

    private void row(JsonNode build) {
        boolean emulated = build.path("emulated").asBoolean(false);
        out.append("<tr><th scope=\"row\">")
                .append(RunPage.text(build, "build"))
                .append(emulated ? " <span class=\"badge\">emulated</span>" : "")
                .append("</th><td class=\"text\">")
                .append(build.path("matches").asBoolean(false) ? "same" : RunPage.text(build, "checksum"));
        JsonNode speed = build.path("unitsPerSecond");
        cell(speed.path("median").isNumber() ? millions(speed.path("median")) : Html.NONE);
        cell(interval(speed, MILLION));
        cell(ratio(build, "-scalar"));
        cell(ratio(build, summary.path("architecture").asString("").equals("arm64") ? "-neon" : "-sse2"));
        JsonNode usd = build.path("usdPerTrillionUnits");
        cell(usd.isNumber() ? Html.figure(usd, "%.4f", "") : Html.NONE);
        out.append("</td><td class=\"text\">")
                .append(instructions(build.path("instructions")))
                .append("</td></tr>\n");
    }

    private void cell(String html) {
        out.append("</td><td>").append(html);
    }

    private static String millions(JsonNode unitsPerSecond) {
        double millions = unitsPerSecond.asDouble() / MILLION;
        return "<data value=\"" + unitsPerSecond.asString() + "\">"
                + String.format(Locale.ROOT, millions < THOUSAND ? "%.1f" : "%,.0f", millions) + "</data>";
    }

    private static String interval(JsonNode node, double unit) {
        if (!node.path("low").isNumber()) {
            return Html.NONE;
        }
        String format = unit == 1 ? "%.2f" : "%,.0f";
        return String.format(Locale.ROOT, format, node.path("low").asDouble() / unit)
                + " to "
                + String.format(Locale.ROOT, format, node.path("high").asDouble() / unit);
    }

    /** To the C build of this host's architecture whose name ends so. */
    private String ratio(JsonNode build, String suffix) {
        JsonNode ratio = build.path("ratioTo").path(summary.path("architecture").asString("") + suffix);
        return ratio.path("median").isNumber()
                ? Html.figure(ratio.path("median"), "%.2f", "") + " (" + interval(ratio, 1) + ")"
                : Html.NONE;
    }

    private static String instructions(JsonNode counts) {
        StringJoiner joined = new StringJoiner(", ");
        counts.properties().forEach(each -> {
            if (each.getValue().asInt(0) > 0) {
                joined.add(Html.escape(each.getKey()) + " " + each.getValue().asInt());
            }
        });
        return joined.length() == 0 ? Html.NONE : joined.toString();
    }
}
