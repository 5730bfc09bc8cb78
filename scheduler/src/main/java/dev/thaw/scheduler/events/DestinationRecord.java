package dev.thaw.scheduler.events;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** Writes the record of an ended event, as destinations receive it (contract.md section 6.3). */
final class DestinationRecord {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String FUNCTION = ":function:";

    /** Why an event ended; the names are the record's. */
    enum Condition {
        SUCCESS("Success"),
        RETRIES_EXHAUSTED("RetriesExhausted"),
        EVENT_AGE_EXCEEDED("EventAgeExceeded"),
        ZERO_RESERVED_CONCURRENCY("ZeroReservedConcurrency"),
        /** The service's own word is not on record. */
        RECURSIVE_INVOCATION("RecursiveInvocation");

        private final String key;

        Condition(String key) {
            this.key = key;
        }
    }

    private DestinationRecord() {}

    /**
     * The record as JSON.
     *
     * @param attempts how often the function was called, or may have been
     * @param last the last attempt that ran; null where none did
     */
    static byte[] write(
            FunctionEvent event, Condition condition, int attempts, AttemptResult.@Nullable Ran last, long nowMs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + event.payload().length);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringProperty("version", "1.0");
            json.writeStringProperty("timestamp", TIMESTAMP.format(Instant.ofEpochMilli(nowMs)));
            json.writeObjectPropertyStart("requestContext");
            json.writeStringProperty("requestId", event.requestId());
            json.writeStringProperty("functionArn", qualified(event.functionArn()));
            json.writeStringProperty("condition", condition.key);
            json.writeNumberProperty("approximateInvokeCount", attempts);
            json.writeEndObject();
            writePayload(json, "requestPayload", event.payload());
            if (last != null) {
                writeResponse(json, last);
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** A function that was called without qualifier is {@code $LATEST}. */
    static String qualified(String functionArn) {
        int name = functionArn.indexOf(FUNCTION) + FUNCTION.length();
        return functionArn.indexOf(':', name) < 0 ? functionArn + ":$LATEST" : functionArn;
    }

    private static void writeResponse(JsonGenerator json, AttemptResult.Ran last) {
        json.writeObjectPropertyStart("responseContext");
        json.writeNumberProperty("statusCode", 200);
        json.writeStringProperty("executedVersion", last.executedVersion());
        if (last.failed()) {
            json.writeStringProperty("functionError", "Unhandled");
        }
        json.writeEndObject();
        writePayload(json, "responsePayload", last.body());
    }

    /** As it is where it is JSON, else as a JSON string: a response need not be JSON. */
    private static void writePayload(JsonGenerator json, String name, byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        json.writeName(name);
        if (payload.length == 0) {
            json.writeNull();
        } else if (isJson(payload)) {
            json.writeRawValue(text);
        } else {
            json.writeString(text);
        }
    }

    private static boolean isJson(byte[] payload) {
        try (JsonParser parser = JSON.createParser(payload)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
