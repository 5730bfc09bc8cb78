package dev.thaw.scheduler.events.source;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a function answers to a batch where its mapping has {@code ReportBatchItemFailures}:
 * {@code {"batchItemFailures":[{"itemIdentifier":"id"}]}}. Nothing said is success; what cannot be understood is the
 * failure of all.
 */
final class BatchResponse {
    private static final JsonMapper JSON = new JsonMapper();

    private BatchResponse() {}

    /** Ids of the items that failed. */
    static Set<String> failures(byte[] body, List<SourceItem> batch) {
        Set<String> all = idsOf(batch);
        JsonNode answer;
        try {
            answer = body.length == 0 ? JSON.nullNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return all;
        }
        JsonNode failures = answer.get("batchItemFailures");
        if (failures == null || failures.isNull()) {
            return Set.of();
        }
        return failures.isArray() ? named(failures, all) : all;
    }

    /** Of every item. */
    static Set<String> idsOf(List<SourceItem> batch) {
        return batch.stream().map(SourceItem::id).collect(Collectors.toSet());
    }

    private static Set<String> named(JsonNode failures, Set<String> all) {
        Set<String> named = new HashSet<>();
        for (JsonNode failure : failures) {
            JsonNode id = failure.get("itemIdentifier");
            if (id == null || !id.isString() || !all.contains(id.stringValue())) {
                return all;
            }
            named.add(id.stringValue());
        }
        return named;
    }
}
