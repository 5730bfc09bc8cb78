package dev.thaw.results;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One simulation of a sweep.
 *
 * @param policies what was decided how, {@code keepAlive -> 10m}
 * @param figures by {@link BakeoffFigure#key()}, and {@link PlanFigure#key()} where it is a plan's
 */
public record SweepCell(Map<String, String> policies, long seed, long invocations, Map<String, Double> figures) {
    private static final int MAX_NAMES = 160;

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

    /** The name of its file, the same for the same policies and seed, and for no others. */
    static String key(Map<String, String> policies, long seed) {
        StringBuilder key = new StringBuilder();
        TreeMap<String, String> all = new TreeMap<>(policies);
        all.values().forEach(name -> key.append(BundleDirectory.safe(name)).append('_'));
        boolean whole = key.length() <= MAX_NAMES
                && all.values().stream()
                        .allMatch(name -> BundleDirectory.safe(name).equals(name));
        return (whole ? key.toString() : key.substring(0, Math.min(MAX_NAMES, key.length())) + hash(all) + '_') + seed;
    }

    /** Of names that a file's name cannot hold as they are. */
    private static String hash(Map<String, String> all) {
        UUID hash = UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8));
        return hash.toString().substring(0, 13);
    }
}
