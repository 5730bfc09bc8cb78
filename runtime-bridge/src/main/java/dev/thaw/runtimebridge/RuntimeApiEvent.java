package dev.thaw.runtimebridge;

import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to a runtime: what {@code GET /runtime/invocation/next} answers with. A carrier, one for each
 * environment; filled on the scheduler's thread, handed to the event loop through its queue.
 */
public final class RuntimeApiEvent {
    public String requestId = "";
    public long deadlineEpochMs;
    public String invokedFunctionArn = "";
    public String traceId = "";
    public @Nullable String clientContext;
    /** Owned until it is taken. */
    public @Nullable ByteBuf payload;
    /** Where a streamed response goes; null where it is wanted whole. */
    public @Nullable ResponseStream stream;

    /** Hands the payload over. */
    ByteBuf takePayload() {
        ByteBuf taken = payload;
        payload = null;
        return taken == null ? Unpooled.EMPTY_BUFFER : taken;
    }

    void release() {
        takePayload().release();
    }
}
