package dev.thaw.scheduler.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder of requests with this server's bounds, which also knows whether a head has begun and not ended.
 *
 * <p>Threading: its event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final int MAX_LINE_BYTES = 8_192;
    private static final int MAX_HEADER_BYTES = 32_768;
    private static final int MAX_PIECE_BYTES = 1 << 20;

    private boolean inBody;
    private boolean inHead;

    RequestDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxChunkSize(MAX_PIECE_BYTES));
    }

    /** Bytes of a request came whose head is not whole yet. */
    boolean isInHead() {
        return inHead;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int before = out.size();
        super.decode(ctx, in, out);
        int after = out.size();
        if (after > before) {
            inBody = !(out.get(after - 1) instanceof LastHttpContent);
            inHead = false;
        } else {
            inHead = !inBody;
        }
    }
}
