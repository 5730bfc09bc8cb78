package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers of function URLs. Threading: none. */
final class UrlWriter {
    /** In place of a length: the body comes in chunks, or until the connection ends. */
    static final int STREAMED = -1;

    private static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
    private static final String ERROR_BODY = "Lambda-Runtime-Function-Error-Body";
    private static final String UNKNOWN_TYPE = "Function.Unknown";
    private static final Pattern TYPE = Pattern.compile("[\\w.$-]{1,256}");
    private static final JsonMapper JSON = new JsonMapper();

    private static final int LINE_END = ('\r' << 8) | '\n';
    private static final int COLON = (':' << 8) | ' ';
    private static final ByteBuf CHUNK_END = Answers.constant("\r\n");
    private static final ByteBuf LAST_CHUNK = Answers.constant("0\r\n\r\n");

    private UrlWriter() {}

    /** What a whole response says; a failure is told by its status alone. */
    static UrlResponse responseOf(Exchange exchange) {
        ByteBuf body = exchange.response;
        return exchange.functionFailed || exchange.errorType != null
                ? UrlResponse.badGateway()
                : UrlResponse.of(body == null ? new byte[0] : ByteBufUtil.getBytes(body));
    }

    /** Up to and with the empty line; {@code bodyBytes} as it would be sent to a request that wants it. */
    static ByteBuf head(ByteBufAllocator alloc, Answer answer, UrlResponse response, int bodyBytes) {
        ByteBuf head = start(alloc, answer, response);
        Exchange exchange = Objects.requireNonNull(answer.exchange);
        line(head, "X-Amzn-Trace-Id", exchange.traceId);
        if (response.isBodyless()) {
            return end(head, answer);
        }
        if (bodyBytes != STREAMED) {
            line(head, "Content-Length", Integer.toString(bodyBytes));
        } else if (!answer.http10) {
            line(head, "Transfer-Encoding", "chunked");
        }
        return end(head, answer);
    }

    /** The whole answer to a preflight request. */
    static ByteBuf preflight(ByteBufAllocator alloc, Answer answer, UrlCall call) {
        ByteBuf head = start(alloc, answer, CorsHeaders.preflight(call));
        line(head, "Content-Length", "0");
        return end(head, answer);
    }

    private static ByteBuf start(ByteBufAllocator alloc, Answer answer, UrlResponse response) {
        ByteBuf head = alloc.directBuffer(AnswerWriter.HEAD_BYTES);
        int status = response.status();
        ByteBufUtil.writeAscii(
                head,
                "HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase());
        head.writeShort(LINE_END);
        for (Map.Entry<String, String> header : response.headers()) {
            line(head, header.getKey(), header.getValue());
        }
        for (String cookie : response.cookies()) {
            line(head, "Set-Cookie", cookie);
        }
        line(head, "x-amzn-RequestId", answer.requestId);
        return head;
    }

    private static ByteBuf end(ByteBuf head, Answer answer) {
        if (!answer.keepAlive) {
            line(head, "Connection", "close");
        } else if (answer.http10) {
            line(head, "Connection", "keep-alive");
        }
        return head.writeShort(LINE_END);
    }

    private static void line(ByteBuf head, String name, String value) {
        ByteBufUtil.writeAscii(head, name);
        head.writeShort(COLON);
        ByteBufUtil.writeUtf8(head, value);
        head.writeShort(LINE_END);
    }

    static ByteBuf chunkLine(ByteBufAllocator alloc, int bytes) {
        return ByteBufUtil.writeAscii(alloc, Integer.toHexString(bytes) + "\r\n");
    }

    static ByteBuf chunkEnd() {
        return CHUNK_END.retainedDuplicate();
    }

    /** With the error that the runtime ended a stream with, where it did. */
    static ByteBuf lastChunk(ByteBufAllocator alloc, Exchange exchange) {
        ByteBuf report = exchange.response;
        if (exchange.errorType == null && (report == null || !report.isReadable())) {
            return LAST_CHUNK.retainedDuplicate();
        }
        byte[] body = report == null ? new byte[0] : ByteBufUtil.getBytes(report);
        ByteBuf end = ByteBufUtil.writeAscii(alloc, "0\r\n");
        line(end, ERROR_TYPE, exchange.errorType == null ? typeIn(body) : exchange.errorType);
        if (body.length > 0) {
            line(end, ERROR_BODY, Base64.getEncoder().encodeToString(body));
        }
        return end.writeShort(LINE_END);
    }

    /** The type that an error report names; what none names is of no known type. */
    private static String typeIn(byte[] report) {
        try {
            String type = JSON.readTree(report).path("errorType").asString("");
            return TYPE.matcher(type).matches() ? type : UNKNOWN_TYPE;
        } catch (JacksonException noReport) {
            return UNKNOWN_TYPE;
        }
    }
}
