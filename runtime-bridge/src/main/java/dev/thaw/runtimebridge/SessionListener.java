package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a {@link RuntimeSession}, in order.
 *
 * <p>Threading: called on the session's event loop.
 */
interface SessionListener {
    /** The runtime's first connection. */
    void onConnected();

    /** The runtime asked for an event: for the first time, or after an answer. */
    void onReady();

    /** The first byte of an answer is here, and the last one is not. */
    void onAnswerBegun();

    /** The runtime answered; {@code body} belongs to the listener. */
    void onResponse(ByteBuf body);

    /** The runtime's answer was too long and is gone. */
    void onResponseTooLarge();

    /**
     * The runtime ended a response that it had streamed, perhaps with an error; {@code body} is what it says of that
     * error and belongs to the listener.
     */
    void onStreamed(@Nullable String errorType, @Nullable ByteBuf body);

    /** A response that was being streamed is cut off. */
    void onStreamFailed(RuntimeFailure why);

    /** The runtime reported that its invocation failed; {@code body} belongs to the listener. */
    void onError(String errorType, ByteBuf body);

    /** The runtime reported that its init failed, or its hooks after a snapshot; {@code body} belongs to the listener. */
    void onInitError(String errorType, ByteBuf body);
}
