package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The frame of a report: one file with its style, its plots and its data inside. */
final class Page {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z-]+)}}");

    private Page() {}

    static String of(String title, String body, JsonNode chartData) throws IOException {
        Map<String, String> slots = Map.of(
                "title", Html.escape(title),
                "body", body,
                "data", inScript(chartData),
                "css", resource("report.css"),
                "js", resource("report.js"),
                "uplot-css", resource(UPLOT + "uPlot.min.css"),
                "uplot-js", resource(UPLOT + "uPlot.iife.min.js"));
        return SLOT.matcher(resource("report.html"))
                .replaceAll(slot -> Matcher.quoteReplacement(slots.getOrDefault(slot.group(1), "")));
    }

    /** JSON that no end tag in a function's name can break out of. */
    private static String inScript(JsonNode data) {
        return Json.MAPPER.writeValueAsString(data).replace("<", "\\u003c");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
