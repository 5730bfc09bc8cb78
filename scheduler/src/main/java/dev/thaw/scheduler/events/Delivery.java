package dev.thaw.scheduler.events;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message that a target is owed.
 *
 * @param functionArn of the event's function
 * @param target ARN
 * @param body the record, or, for a dead-letter target, the event alone
 * @param errorCode status of the last attempt: 200 for a function error; 0 where there was none
 * @param errorMessage what the dead-letter message's attribute says, or null
 * @param traceId trace header that goes with the message; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes in, bytes out; never compared
record Delivery(
        Kind kind,
        String requestId,
        String functionArn,
        String target,
        byte[] body,
        int errorCode,
        @Nullable String errorMessage,
        String traceId) {
    private static final int ERROR_MESSAGE_LENGTH = 1_024;

    /** {@code last} is the last attempt that ran; null where none did. */
    static Delivery of(Kind kind, FunctionEvent event, String target, byte[] body, AttemptResult.@Nullable Ran last) {
        return new Delivery(
                kind,
                event.requestId(),
                event.functionArn(),
                target,
                body,
                last == null ? 0 : 200,
                kind == Kind.DEAD_LETTER && last != null ? beginning(last.body()) : null,
                event.traceId());
    }

    /** The same with this trace header. */
    Delivery tracedBy(String other) {
        return new Delivery(kind, requestId, functionArn, target, body, errorCode, errorMessage, other);
    }

    private static String beginning(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.length() <= ERROR_MESSAGE_LENGTH ? text : text.substring(0, ERROR_MESSAGE_LENGTH);
    }

    /** What the message is; the key is its name on disk. */
    enum Kind {
        SUCCESS,
        FAILURE,
        DEAD_LETTER;

        private static final Kind[] ALL = values();

        static Kind ofKey(int key) {
            return ALL[key];
        }

        int key() {
            return ordinal();
        }
    }
}
