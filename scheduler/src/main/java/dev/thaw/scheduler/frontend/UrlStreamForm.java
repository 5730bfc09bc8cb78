package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response that is streamed through a function URL: the runtime's bytes are the body, as they come. Where the runtime
 * calls it an HTTP integration response, status and headers come first, in JSON and eight zero bytes; anything else is
 * 200 of the runtime's type. A stream that fails after its head ends without its last chunk; one that its runtime ends
 * with an error of its own is a response, with that error in its trailers (contract.md section 3.1).
 *
 * <p>Threading: its connection's event loop.
 */
final class UrlStreamForm implements StreamForm {
    /** Most bytes of a head. */
    static final int MAX_HEAD_BYTES = 64 << 10;

    private static final String DEFAULT_TYPE = "application/octet-stream";

    private final Answers answers;
    private final Answer answer;
    private final UrlCall call;
    /** What has come of the head; null where there is none, or it is whole. */
    private @Nullable ByteBuf prelude;

    private boolean headWritten;
    private boolean bodyless;
    private boolean broken;

    UrlStreamForm(Answers answers, Answer answer, UrlCall call) {
        this.answers = answers;
        this.answer = answer;
        this.call = call;
    }

    @Override
    public void begin(@Nullable String contentType) {
        if (contentType != null && contentType.startsWith(UrlResponse.INTEGRATION_TYPE)) {
            prelude = Unpooled.buffer();
        } else {
            writeHead(typed(contentType == null ? DEFAULT_TYPE : contentType));
        }
    }

    private static UrlResponse typed(String contentType) {
        return new UrlResponse(200, List.of(Map.entry("content-type", contentType)), List.of(), new byte[0]);
    }

    @Override
    public void part(StreamedAnswer streamed, ByteBuf part) {
        ByteBuf head = prelude;
        if (head == null || broken) {
            write(streamed, part);
            return;
        }
        int before = Math.max(0, head.writerIndex() - UrlResponse.SEPARATOR_BYTES + 1);
        head.writeBytes(part, part.readerIndex(), Math.min(part.readableBytes(), MAX_HEAD_BYTES));
        int end = separator(head, before);
        if (end >= 0) {
            int rest = head.writerIndex() - end - UrlResponse.SEPARATOR_BYTES;
            int copied = Math.min(part.readableBytes(), MAX_HEAD_BYTES);
            part.skipBytes(copied - rest);
            onHead(UrlResponse.head(head.toString(0, end, StandardCharsets.UTF_8)));
            write(streamed, part);
        } else {
            broken |= head.writerIndex() >= MAX_HEAD_BYTES;
            streamed.skip(part);
        }
    }

    private static int separator(ByteBuf head, int from) {
        int zeros = 0;
        for (int i = from; i < head.writerIndex(); i++) {
            zeros = head.getByte(i) == 0 ? zeros + 1 : 0;
            if (zeros == UrlResponse.SEPARATOR_BYTES) {
                return i + 1 - UrlResponse.SEPARATOR_BYTES;
            }
        }
        return -1;
    }

    private void onHead(@Nullable UrlResponse head) {
        prelude = null;
        if (head == null) {
            broken = true;
        } else {
            writeHead(head);
        }
    }

    private void writeHead(UrlResponse plain) {
        UrlResponse response = CorsHeaders.applied(plain, call.url(), call.origin());
        headWritten = true;
        bodyless = call.isHead() || response.isBodyless();
        answers.writeUrlStreamHead(answer, response);
    }

    private void write(StreamedAnswer streamed, ByteBuf part) {
        if (headWritten && !bodyless && !broken && part.isReadable()) {
            answers.writeUrlPart(streamed, part, !answer.http10);
        } else {
            streamed.skip(part);
        }
    }

    @Override
    public void end(StreamedAnswer streamed, Exchange exchange, boolean begun) {
        boolean failed = broken || exchange.functionFailed;
        if (!headWritten && !begun && !failed) {
            endUnstreamed(streamed, exchange);
        } else if (!headWritten) {
            answers.writeUrl(answer, call, UrlResponse.badGateway());
        } else if (failed) {
            answer.keepAlive = false;
        } else if (!bodyless && !answer.http10) {
            answers.writeUrlEnd(exchange);
        }
    }

    /** The function does not stream: its response is the body as it is. */
    private void endUnstreamed(StreamedAnswer streamed, Exchange exchange) {
        writeHead(typed(UrlResponse.JSON_TYPE));
        ByteBuf body = exchange.response;
        if (body != null) {
            exchange.response = null;
            write(streamed, body);
        }
        if (!bodyless && !answer.http10) {
            answers.writeUrlEnd(exchange);
        }
    }
}
