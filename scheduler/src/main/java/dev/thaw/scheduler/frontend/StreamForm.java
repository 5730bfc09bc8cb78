package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * How one streamed response is written: as events of the API, or as the body of a function URL's answer. Called when it
 * is the answer's turn, in this order.
 *
 * <p>Threading: its connection's event loop.
 */
interface StreamForm {
    /** The runtime begins to respond; not called where it never does. */
    void begin(@Nullable String contentType);

    /** The next part, taken over. */
    void part(StreamedAnswer streamed, ByteBuf part);

    /** The invocation has ended; {@code begun}: {@link #begin} was called. */
    void end(StreamedAnswer streamed, Exchange exchange, boolean begun);
}
