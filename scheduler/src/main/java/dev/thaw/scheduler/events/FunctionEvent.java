package dev.thaw.scheduler.events;

import org.jspecify.annotations.Nullable;

/**
 * An event for a function, as its sender gave it. The array belongs to the event: nobody writes to it.
 *
 * @param requestId the same in every attempt
 * @param functionArn of the function, version or alias that was asked for; which deployment that is, is decided anew in
 *     each attempt
 * @param clientContext decoded JSON of the client, or null
 */
@SuppressWarnings("ArrayRecordComponent") // bytes in, bytes out; never compared
public record FunctionEvent(
        String requestId,
        String functionArn,
        String traceId,
        @Nullable String clientContext,
        byte[] payload) {
    /** Largest payload of an asynchronous invocation: what the service takes today (wire.md W4); it was 256 KB once. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 20;
}
