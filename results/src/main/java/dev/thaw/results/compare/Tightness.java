package dev.thaw.results.compare;

import dev.thaw.results.statistics.RatioEstimate;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How tight a metric's interval is to be before runs that are taken in turns may end. Only its width is looked at, never
 * where it lies: to end when a verdict suits would find differences that are none.
 *
 * <p>A width is itself an estimate, and whoever ends at the first one that is small enough chooses one that is too small.
 * So it must be small enough at two looks in a row ({@link #IN_A_ROW}).
 *
 * @param metric as in {@code --metrics}
 * @param limit 0.02: known to 2 % up and down
 */
public record Tightness(String metric, double limit) {
    /** So many looks, one after the other, that see it met. */
    public static final int IN_A_ROW = 2;

    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9._]+):(\\d+(?:\\.\\d+)?)%?");
    private static final Set<String> OF_LATENCY = Set.of("p50", "p90", "p99", "p999", "max", "mean");
    private static final String LATENCY = "latency.";
    private static final double PERCENT = 100;

    /** {@code p50:2%}, {@code latency.p99:5%}, {@code throughput:1%}. Fails with one line. */
    public static Tightness parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            String name = matcher.group(1).replace("p99.9", "p999");
            double limit = Double.parseDouble(matcher.group(2)) / PERCENT;
            if (limit > 0) {
                return new Tightness(OF_LATENCY.contains(name) ? LATENCY + name : name, limit);
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' must be a metric and a width above 0, such as p50:2% or throughput:1%");
    }

    /** What the comparison found of the metric. */
    public Optional<Finding> in(Comparison comparison) {
        return comparison.findings().stream()
                .filter(each -> each.metric().name().equals(metric))
                .findFirst();
    }

    /** Half of the interval's width as a factor, 0.03 for 3 %; infinite where there is none. */
    public static double width(RatioEstimate estimate) {
        double width = Math.sqrt(estimate.high() / estimate.low()) - 1;
        return Double.isFinite(width) ? width : Double.POSITIVE_INFINITY;
    }

    public boolean isMet(RatioEstimate estimate) {
        return width(estimate) <= limit;
    }
}
