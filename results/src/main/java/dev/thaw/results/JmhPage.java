package dev.thaw.results;

import java.io.IOException;
import java.util.Set;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** The report of a JMH bundle: one table. */
final class JmhPage {
    private static final Set<String> TEXT_COLUMNS = Set.of("benchmark", "parameters", "mode", "unit");
    private static final String[] COLUMNS = {
        "benchmark", "parameters", "mode", "score", "error (99.9 %)", "unit", "allocated, B/op", "threads", "forks"
    };

    private JmhPage() {}

    static String render(RunBundle bundle) throws IOException {
        StringBuilder out = new StringBuilder();
        RunPage.header(out, bundle.manifest());
        JsonNode benchmarks = bundle.summary().path("benchmarks");
        out.append("<p>")
                .append(benchmarks.size())
                .append(" microbenchmarks by JMH. The error is half of the 99.9 % confidence interval of the mean:")
                .append(" where intervals overlap, call neither faster. Allocation is <code>gc.alloc.rate.norm</code>.")
                .append("</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Benchmarks\">")
                .append("<table class=\"grid\" data-sortable><thead><tr>");
        for (String column : COLUMNS) {
            out.append(TEXT_COLUMNS.contains(column) ? "<th scope=\"col\" class=\"text\">" : "<th scope=\"col\">")
                    .append("<button type=\"button\">")
                    .append(column)
                    .append("</button></th>");
        }
        out.append("</tr></thead><tbody>");
        benchmarks.forEach(each -> row(out, each));
        out.append("</tbody></table></div>\n").append(DetailSections.render(bundle));
        return Page.of(bundle.id(), out.toString(), Json.MAPPER.createObjectNode());
    }

    private static void row(StringBuilder out, JsonNode benchmark) {
        out.append("<tr><th scope=\"row\" title=\"")
                .append(RunPage.text(benchmark, "name"))
                .append("\">")
                .append(Html.escape(shortName(benchmark.path("name").asString(""))));
        out.append("</th><td class=\"text\">").append(Html.escape(params(benchmark.path("params"))));
        out.append("</td><td class=\"text\">").append(RunPage.text(benchmark, "mode"));
        out.append("</td><td>").append(known(benchmark.path("score")));
        out.append("</td><td>").append(known(benchmark.path("error")));
        out.append("</td><td class=\"text\">").append(RunPage.text(benchmark, "unit"));
        out.append("</td><td>").append(known(benchmark.path("allocatedBytesPerOp")));
        out.append("</td><td>").append(RunPage.text(benchmark, "threads"));
        out.append("</td><td>").append(RunPage.text(benchmark, "forks")).append("</td></tr>\n");
    }

    private static String known(JsonNode value) {
        return value.isNumber() ? Html.figure(value, "%,.3f", "") : "&ndash;";
    }

    /** Class and method without the package. */
    private static String shortName(String name) {
        int method = name.lastIndexOf('.');
        int type = name.lastIndexOf('.', method - 1);
        return name.substring(type + 1);
    }

    private static String params(JsonNode params) {
        StringJoiner joined = new StringJoiner(", ");
        params.properties()
                .forEach(
                        each -> joined.add(each.getKey() + "=" + each.getValue().asString()));
        return joined.toString();
    }
}
