package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The frame of a report and of the live page: one file with its style, its plots and its data inside. */
public final class Page {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z-]+)}}");

    private Page() {}

    /** The page; {@code chartData} by the names of its charts. */
    public static String of(String title, String body, JsonNode chartData) throws IOException {
        return of(title, body, chartData, "report.js");
    }

    /** With another script than a report's; {@code body} is HTML. */
    public static String of(String title, String body, JsonNode chartData, String script) throws IOException {
        Map<String, String> slots = Map.of(
                "title", Html.escape(title),
                "body", body,
                "data", inScript(chartData),
                "css", resource("report.css"),
                "plots-js", resource("plots.js"),
                "js", resource(script),
                "uplot-css", resource(UPLOT + "uPlot.min.css"),
                "uplot-js", resource(UPLOT + "uPlot.iife.min.js"));
        return SLOT.matcher(resource("report.html"))
                .replaceAll(slot -> Matcher.quoteReplacement(slots.getOrDefault(slot.group(1), "")));
    }

    /** JSON that no end tag in a function's name can break out of. */
    private static String inScript(JsonNode data) {
        return Json.MAPPER.writeValueAsString(data).replace("<", "\\u003c");
    }

    /** A text file beside this class. */
    public static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
