package dev.thaw.scheduler.control;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a layer (contract.md section 1.10).
 *
 * @param runtimes that it is for; null where nothing was said
 * @param architectures that it is for; null where nothing was said
 * @param license null where nothing was said
 * @param createdDate as answers have it
 * @param grants who may use it, JSON statements by their ids
 * @param policyRevisionId of the grants
 */
record LayerRecord(
        String name,
        int version,
        String description,
        FunctionCode code,
        @Nullable List<String> runtimes,
        @Nullable List<String> architectures,
        @Nullable String license,
        String createdDate,
        Map<String, String> grants,
        String policyRevisionId) {
    LayerRecord {
        runtimes = runtimes == null ? null : List.copyOf(runtimes);
        architectures = architectures == null ? null : List.copyOf(architectures);
        grants = Collections.unmodifiableMap(new LinkedHashMap<>(grants));
    }

    String arn() {
        return LayerCatalog.arn(name) + ":" + version;
    }

    String key() {
        return LayerCatalog.key(name, version);
    }

    LayerRecord withGrants(Map<String, String> others, String otherRevisionId) {
        return new LayerRecord(
                name,
                version,
                description,
                code,
                runtimes,
                architectures,
                license,
                createdDate,
                others,
                otherRevisionId);
    }
}
