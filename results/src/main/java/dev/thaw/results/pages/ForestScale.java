package dev.thaw.results.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * One logarithmic scale of ratios for all rows of a forest plot, symmetrical about 1. What lies beyond it ends in an
 * arrow. The plots are pictures of numbers that stand beside them: a screen reader passes them over.
 */
final class ForestScale {
    private static final int WIDTH = 170;
    private static final int HEIGHT = 22;
    private static final int EDGE = 8;
    private static final double[] REACHES = {1.05, 1.1, 1.2, 1.5, 2, 4, 10};

    private final double reach;

    private ForestScale(double reach) {
        this.reach = reach;
    }

    /** Wide enough for nine in ten of the ends of intervals, and of ratios without one. */
    static ForestScale of(List<JsonNode> rows) {
        List<Double> distances = new ArrayList<>();
        for (JsonNode row : rows) {
            for (String end : List.of("low", "high", "ratio")) {
                double value = row.path(end).asDouble(0);
                if (value > 0) {
                    distances.add(Math.exp(Math.abs(Math.log(value))));
                }
            }
        }
        distances.sort(null);
        double wanted = distances.isEmpty() ? 1 : distances.get((int) (0.9 * (distances.size() - 1)));
        for (double each : REACHES) {
            if (each >= wanted) {
                return new ForestScale(each);
            }
        }
        return new ForestScale(REACHES[REACHES.length - 1]);
    }

    /** The scale's own row. */
    String axis() {
        return open() + tick(1 / reach, "start") + tick(1, "middle") + tick(reach, "end") + "</svg>";
    }

    private String tick(double ratio, String anchor) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"15\" text-anchor=\"%s\">%s</text>",
                x(ratio),
                anchor,
                ratio == 1 ? "1" : String.format(Locale.ROOT, "%.3g", ratio).replaceAll("\\.?0+$", ""));
    }

    /** Interval as a line, ratio as a dot; coloured by the verdict. */
    String row(JsonNode row) {
        double ratio = row.path("ratio").asDouble(0);
        if (!(ratio > 0)) {
            return "";
        }
        StringBuilder svg = new StringBuilder(open())
                .append(String.format(
                        Locale.ROOT, "<line class=\"one\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"0\" y2=\"22\"/>", x(1)));
        svg.append("<g class=\"")
                .append(row.path("verdict").asString("undecided"))
                .append("\">");
        if (row.path("low").isNumber() || row.path("high").isNumber()) {
            double low = row.path("low").asDouble(0);
            double high = row.path("high").asDouble(Double.POSITIVE_INFINITY);
            svg.append(
                    String.format(Locale.ROOT, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"11\" y2=\"11\"/>", x(low), x(high)));
            svg.append(end(low, -1)).append(end(high, 1));
        }
        return svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"11\" r=\"3.5\"/></g></svg>", x(ratio)))
                .toString();
    }

    /** A bar, or an arrow where the interval goes on. */
    private String end(double ratio, int direction) {
        boolean beyond = direction < 0 ? ratio < 1 / reach : ratio > reach;
        int back = beyond ? -5 * direction : 0;
        return String.format(
                Locale.ROOT, "<path d=\"M%.1f 7 L%.1f 11 L%.1f 15\"/>", x(ratio) + back, x(ratio), x(ratio) + back);
    }

    private double x(double ratio) {
        double at = Math.clamp(Math.log(Math.max(ratio, 1e-9)) / Math.log(reach), -1.0, 1.0);
        return WIDTH / 2.0 + at * (WIDTH / 2.0 - EDGE);
    }

    private static String open() {
        return "<svg class=\"forest\" aria-hidden=\"true\" width=\"" + WIDTH + "\" height=\"" + HEIGHT
                + "\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\">";
    }
}
