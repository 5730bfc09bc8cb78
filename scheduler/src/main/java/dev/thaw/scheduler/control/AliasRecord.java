package dev.thaw.scheduler.control;

import java.util.Map;

/**
 * A name for a version of a function (contract.md section 1.12).
 *
 * @param weights at most one: share of the invocations that go to another version, by its number
 */
record AliasRecord(
        String name, String alias, String version, String description, Map<String, Double> weights, String revisionId) {
    AliasRecord {
        weights = Map.copyOf(weights);
    }

    String key() {
        return name + ":" + alias;
    }
}
