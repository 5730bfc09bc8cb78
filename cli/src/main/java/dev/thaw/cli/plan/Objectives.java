package dev.thaw.cli.plan;

import dev.thaw.results.PlanFigure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a fleet is to hold, all of it. */
public record Objectives(List<Objective> all) {
    public Objectives {
        all = List.copyOf(all);
    }

    /** Separated by commas, one for each figure; that nothing is throttled goes without saying. */
    public static Objectives parse(String text) {
        List<Objective> all = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            Objective objective = Objective.parse(each.strip());
            if (all.stream().anyMatch(other -> other.figure() == objective.figure())) {
                throw new IllegalArgumentException("'" + each.strip() + "', must name "
                        + objective.figure().objective() + " once");
            }
            all.add(objective);
        }
        if (all.stream().noneMatch(each -> each.figure() == PlanFigure.THROTTLED)) {
            all.add(Objective.NOTHING_THROTTLED);
        }
        return new Objectives(all);
    }

    /** One of latency alone, from arrival. */
    public static Objective parseLatency(String text) {
        Objective objective = Objective.parse(text.strip());
        if (new Objectives(List.of(objective)).latencies().isEmpty()) {
            throw new IllegalArgumentException("'" + text + "', must be a latency from arrival, such as p99<200ms");
        }
        return objective;
    }

    List<String> texts() {
        return all.stream().map(Objective::text).toList();
    }

    boolean hold(Map<String, Double> figures) {
        return all.stream().allMatch(each -> each.holds(figures));
    }

    /** One line for each that does not hold. */
    List<String> broken(Map<String, Double> figures) {
        return all.stream()
                .filter(each -> !each.holds(figures))
                .map(each -> each.broken(value(each, figures)))
                .toList();
    }

    /** How far from holding: 0 where all hold. */
    double excess(Map<String, Double> figures) {
        return all.stream()
                .mapToDouble(each -> each.excess(value(each, figures)))
                .sum();
    }

    private static double value(Objective each, Map<String, Double> figures) {
        return figures.getOrDefault(each.figure().key(), Double.NaN);
    }

    /** Of latency, beginning at the arrival: what one function can hold as well. */
    List<Objective> latencies() {
        return all.stream()
                .filter(each -> each.figure().percentile() > 0 && !each.figure().isAdded())
                .toList();
    }
}
