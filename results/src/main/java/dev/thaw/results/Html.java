package dev.thaw.results;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Small pieces of HTML: escaped text, and figures with their unit and their exact value beside them. */
public final class Html {
    /** A figure that nobody could tell. */
    static final String UNKNOWN = "<span class=\"none\">unknown</span>";

    /** A figure that there is none of. */
    static final String NONE = "<span class=\"none\">&ndash;</span>";

    private static final double US_PER_MS = 1e3;
    private static final double US_PER_S = 1e6;
    /** From here on a value rounds to three digits before the point. */
    private static final double LARGE = 99.95;

    private static final double MEDIUM = 9.995;

    private Html() {}

    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A duration in the unit that suits it; its {@code value} attribute holds microseconds. */
    static String duration(JsonNode us) {
        if (!us.isNumber()) {
            return UNKNOWN;
        }
        double value = us.asDouble();
        return "<data value=\"" + us.asString() + "\">" + amount(value) + "<span class=\"unit\">" + unit(value)
                + "</span></data>";
    }

    /** A percentile that is a duration, or a dash that says how many samples it would need. */
    static String percentile(JsonNode percentiles, Percentile percentile) {
        JsonNode us = percentiles.path(percentile.key);
        return us.isNumber() ? duration(us) : tooFew(percentiles, percentile);
    }

    /** A percentile with a unit of its own, likewise. */
    static String percentile(JsonNode percentiles, Percentile percentile, String format, String unit) {
        JsonNode value = percentiles.path(percentile.key);
        return value.isNumber() ? figure(value, format, unit) : tooFew(percentiles, percentile);
    }

    private static String tooFew(JsonNode percentiles, Percentile percentile) {
        if (percentiles.path("count").asLong(0) == 0) {
            return NONE;
        }
        return String.format(
                Locale.ROOT,
                "<span class=\"none\" title=\"%s needs %,d samples, here are %,d\">&ndash;</span>",
                percentile.title,
                percentile.minCount,
                percentiles.path("count").asLong());
    }

    private static String amount(double us) {
        if (us < US_PER_MS) {
            return number(us);
        }
        return number(us < US_PER_S ? us / US_PER_MS : us / US_PER_S);
    }

    private static String unit(double us) {
        if (us < US_PER_MS) {
            return "µs";
        }
        return us < US_PER_S ? "ms" : "s";
    }

    /** Three significant digits: what the histograms hold. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= LARGE) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, size >= MEDIUM ? "%.1f" : "%.2f", value);
    }

    /** A count with its digits grouped. */
    static String count(JsonNode count) {
        if (!count.isNumber()) {
            return UNKNOWN;
        }
        return "<data value=\"" + count.asString() + "\">" + String.format(Locale.ROOT, "%,d", count.asLong())
                + "</data>";
    }

    /** A figure with a unit of its own. */
    public static String figure(JsonNode value, String format, String unit) {
        if (!value.isNumber()) {
            return UNKNOWN;
        }
        return "<data value=\"" + value.asString() + "\">" + String.format(Locale.ROOT, format, value.asDouble())
                + (unit.isEmpty() ? "" : "<span class=\"unit\">" + unit + "</span>") + "</data>";
    }
}
