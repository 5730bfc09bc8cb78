package dev.thaw.sandbox;

import java.util.List;

/**
 * What holds a sandbox in on this host. Printed by {@code doctor}, kept in every manifest, shown on the report's first
 * screen.
 *
 * @param backend {@code process} or {@code microvm}
 * @param level one word for the whole: {@code full}, {@code degraded} or {@code none}
 * @param features every feature, held or not
 */
public record Isolation(String backend, String level, List<Feature> features) {
    public Isolation {
        features = List.copyOf(features);
    }

    /**
     * One piece of isolation.
     *
     * @param name such as {@code network namespace}, {@code CPU quota}
     * @param held whether this host provides it
     * @param detail how (such as {@code cgroup v1 cpu}), or why not and how to get it
     */
    public record Feature(String name, boolean held, String detail) {}

    /** One line for manifests: {@code process/full} or {@code process/degraded: no CPU quota, no seccomp}. */
    public String describe() {
        List<String> missing = features.stream()
                .filter(feature -> !feature.held())
                .map(feature -> "no " + feature.name())
                .toList();
        return backend + "/" + level + (missing.isEmpty() ? "" : ": " + String.join(", ", missing));
    }
}
