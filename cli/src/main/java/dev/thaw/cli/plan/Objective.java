package dev.thaw.cli.plan;

import dev.thaw.results.PlanFigure;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A figure and its bound: {@code p99<200ms}.
 *
 * @param orEqual the bound itself holds
 */
public record Objective(PlanFigure figure, boolean orEqual, double bound, String text) {
    private static final Pattern SHAPE =
            Pattern.compile("([a-z][a-z0-9.-]*)(<=|<|=)(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|%)?");

    /** A service that refuses is none: goes without saying. */
    static final Objective NOTHING_THROTTLED = new Objective(PlanFigure.THROTTLED, true, 0, "throttled=0");

    /** One line says what is wrong with any other text. */
    static Objective parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "', must be a figure, <, <= or =, and a bound, such as p99<200ms, cold<1% or throttled=0");
        }
        PlanFigure figure = PlanFigure.ofObjective(matcher.group(1))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + matcher.group(1) + "', must be one of " + PlanFigure.objectiveNames()));
        double bound = bound(text, figure, Double.parseDouble(matcher.group(3)), matcher.group(4));
        boolean equal = matcher.group(2).equals("=");
        if (equal && bound != 0) {
            throw new IllegalArgumentException("'" + text + "', = is for 0 only: must be < or <=");
        }
        if (!equal && matcher.group(2).equals("<") && bound == 0) {
            throw new IllegalArgumentException("'" + text + "', nothing is below 0: must be =0 or a larger bound");
        }
        return new Objective(figure, !matcher.group(2).equals("<"), bound, text);
    }

    /** A percentage or milliseconds. */
    private static double bound(String text, PlanFigure figure, double number, @Nullable String unit) {
        if (figure.unit() == PlanFigure.Unit.PERCENT) {
            if (unit == null ? number != 0 : !unit.equals("%") || number > 100) {
                throw new IllegalArgumentException(
                        "'" + text + "', bound must be a percentage such as 1%, 100% at most");
            }
            return number;
        }
        return switch (unit) {
            case "us" -> number / 1e3;
            case "ms" -> number;
            case "s" -> number * 1e3;
            case "m" -> number * 6e4;
            case null, default ->
                throw new IllegalArgumentException("'" + text + "', bound must be a time such as 200ms or 1.5s");
        };
    }

    boolean holds(double value) {
        return orEqual ? value <= bound : value < bound;
    }

    boolean holds(Map<String, Double> figures) {
        return holds(figures.getOrDefault(figure.key(), Double.NaN));
    }

    /** By how many times a value is beyond the bound, 0 where it holds. */
    double excess(double value) {
        return holds(value) ? 0 : bound == 0 ? 1 + value : value / bound;
    }

    /** The objective with what there is instead. */
    String broken(double value) {
        String unit = figure.unit() == PlanFigure.Unit.PERCENT ? " %" : " ms";
        return text + " (" + PlanFigure.textBeside(value, bound) + unit + ")";
    }
}
