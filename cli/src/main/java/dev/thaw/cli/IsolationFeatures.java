package dev.thaw.cli;

import dev.thaw.sandbox.Isolation;
import java.util.Map;
import java.util.TreeMap;

/** Isolation as a manifest holds it. */
final class IsolationFeatures {
    private IsolationFeatures() {}

    static Map<String, String> of(Isolation isolation) {
        Map<String, String> features = new TreeMap<>();
        isolation
                .features()
                .forEach(feature ->
                        features.put(feature.name(), (feature.held() ? "" : "missing: ") + feature.detail()));
        return features;
    }
}
