package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.AttemptResult;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a failure target is told of items that were given up: metadata that points at them, never their content
 * (contract.md section 6.5 and section 18, "ESM batching").
 */
final class FailureRecord {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final JsonMapper JSON = new JsonMapper();

    private FailureRecord() {}

    /**
     * Without what the source adds.
     *
     * @param last attempt's result, or null where there was none
     */
    static ObjectNode of(
            String requestId,
            String functionArn,
            StreamBatch.Step.GiveUp givenUp,
            AttemptResult.@Nullable Ran last,
            long nowEpochMs) {
        ObjectNode record = JSON.createObjectNode();
        ObjectNode request = record.putObject("requestContext");
        request.put("requestId", requestId);
        request.put("functionArn", functionArn);
        request.put("condition", givenUp.condition().text());
        request.put("approximateInvokeCount", givenUp.attempts());
        if (last != null) {
            ObjectNode response = record.putObject("responseContext");
            response.put("statusCode", 200);
            response.put("executedVersion", last.executedVersion());
            if (last.failed()) {
                response.put("functionError", "Unhandled");
            }
        }
        record.put("version", "1.0");
        return record.put("timestamp", TIME.format(Instant.ofEpochMilli(nowEpochMs)));
    }

    static byte[] bytes(ObjectNode record) {
        return JSON.writeValueAsBytes(record);
    }
}
