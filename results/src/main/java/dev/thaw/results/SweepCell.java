package dev.thaw.results;

import java.util.Map;
import java.util.TreeMap;

/**
 * One simulation of a sweep.
 *
 * @param policies what was decided how, {@code keepAlive -> 10m}
 * @param figures by {@link BakeoffFigure#key()}, and {@link PlanFigure#key()} where it is a plan's
 */
public record SweepCell(Map<String, String> policies, long seed, long invocations, Map<String, Double> figures) {
    public SweepCell {
        policies = Map.copyOf(policies);
        figures = Map.copyOf(figures);
        for (BakeoffFigure figure : BakeoffFigure.ALL) {
            if (!figures.containsKey(figure.key)) {
                throw new IllegalArgumentException("cell has no " + figure.key);
            }
        }
    }

    double figure(BakeoffFigure which) {
        return figures.getOrDefault(which.key, Double.NaN);
    }

    /** The name of its file, the same for the same policies and seed. */
    static String key(Map<String, String> policies, long seed) {
        StringBuilder key = new StringBuilder();
        new TreeMap<>(policies)
                .values()
                .forEach(name -> key.append(BundleDirectory.safe(name)).append('_'));
        return key.append(seed).toString();
    }
}
