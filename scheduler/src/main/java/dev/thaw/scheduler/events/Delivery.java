package dev.thaw.scheduler.events;

import org.jspecify.annotations.Nullable;

/**
 * A message that a target is owed.
 *
 * @param functionArn of the event's function
 * @param target ARN
 * @param body the record, or, for a dead-letter target, the event alone
 * @param errorCode status of the last attempt: 200 for a function error; 0 where there was none
 * @param errorMessage what the dead-letter message's attribute says, or null
 */
@SuppressWarnings("ArrayRecordComponent") // bytes in, bytes out; never compared
record Delivery(
        Kind kind,
        String requestId,
        String functionArn,
        String target,
        byte[] body,
        int errorCode,
        @Nullable String errorMessage) {
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
