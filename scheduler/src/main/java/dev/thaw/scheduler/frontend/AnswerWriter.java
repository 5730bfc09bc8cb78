package dev.thaw.scheduler.frontend;

import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes status line, headers and small bodies straight into one buffer.
 *
 * <p>Threading: none; one for each event loop.
 */
final class AnswerWriter {
    /** Bodies up to this are copied behind the head: cheaper than a second buffer in the kernel's list. */
    static final int SMALL_BODY_BYTES = 1_024;

    private static final int NO_CONTENT = 204;
    /** A head without log tail fits. */
    static final int HEAD_BYTES = 512;

    private static final byte[] FUNCTION_HEAD =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Amz-Executed-Version: ");
    private static final byte[] STREAM_HEAD = ascii(
            "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream" + "\r\nX-Amz-Executed-Version: ");
    private static final byte[] DRY_RUN_HEAD = ascii("HTTP/1.1 204 No Content\r\nX-Amz-Executed-Version: ");
    private static final byte[] REQUEST_ID = ascii("\r\nx-amzn-RequestId: ");
    private static final byte[] STREAM_CONTENT_TYPE = ascii("\r\nX-Thaw-Response-Content-Type: ");
    private static final byte[] CHUNKED = ascii("\r\nTransfer-Encoding: chunked");
    private static final byte[] TRACE_ID = ascii("\r\nX-Amzn-Trace-Id: ");
    private static final byte[] FUNCTION_ERROR = ascii("\r\nX-Amz-Function-Error: Unhandled");
    private static final byte[] LOG_RESULT = ascii("\r\nX-Amz-Log-Result: ");
    private static final byte[] RECORD = ascii("\r\nX-Thaw-Record: ");
    private static final byte[] RECORD_TRAILER = ascii("\r\nTrailer: X-Thaw-Record");
    private static final byte[] CLOSE = ascii("\r\nConnection: close");
    private static final byte[] KEEP_ALIVE = ascii("\r\nConnection: keep-alive");
    private static final byte[] CONTENT_LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] END = ascii("\r\n\r\n");

    private final byte[] record = new byte[ServerRecord.MAX_ENCODED_LENGTH];
    private final byte[] digits = new byte[20];

    /** Writes the head of a function's answer, up to and with the empty line. */
    void writeFunctionHead(ByteBuf head, Answer answer, Exchange exchange, boolean functionError, int bodyBytes) {
        writeIdentity(head, FUNCTION_HEAD, exchange);
        if (functionError) {
            head.writeBytes(FUNCTION_ERROR);
        }
        byte[] log = exchange.logResult;
        if (log != null) {
            head.writeBytes(LOG_RESULT).writeBytes(Base64.getEncoder().encode(log));
        }
        if (exchange.recordWanted) {
            head.writeBytes(RECORD).writeBytes(record, 0, exchange.record.encode(record));
        }
        writeEnd(head, answer, bodyBytes);
    }

    /** Writes the head of a response that is streamed; {@code contentType} is what its runtime called it. */
    void writeStreamHead(ByteBuf head, Answer answer, @Nullable String contentType) {
        Exchange exchange = Objects.requireNonNull(answer.exchange);
        writeIdentity(head, STREAM_HEAD, exchange);
        if (contentType != null) {
            head.writeBytes(STREAM_CONTENT_TYPE);
            ByteBufUtil.writeAscii(head, contentType);
        }
        writeConnection(head, answer);
        if (!answer.http10) {
            head.writeBytes(CHUNKED);
            if (exchange.recordWanted) {
                head.writeBytes(RECORD_TRAILER);
            }
        }
        head.writeBytes(END);
    }

    /** The record's header, with its end of line. */
    String recordLine(Exchange exchange) {
        int length = exchange.record.encode(record);
        return "X-Thaw-Record: " + new String(record, 0, length, StandardCharsets.US_ASCII) + "\r\n";
    }

    /** Writes a whole answer that is not a function's. */
    void writeFault(ByteBuf target, Answer answer, Fault fault) {
        byte[] body = fault.body().getBytes(StandardCharsets.UTF_8);
        writeStatus(target, fault.status(), answer.requestId);
        ByteBufUtil.writeAscii(target, "\r\nx-amzn-ErrorType: ");
        ByteBufUtil.writeAscii(target, fault.errorType());
        if (!fault.extraHeaders().isEmpty()) {
            ByteBufUtil.writeAscii(target, "\r\n");
            ByteBufUtil.writeAscii(target, fault.extraHeaders().stripTrailing());
        }
        writeEnd(target, answer, body.length);
        target.writeBytes(body);
    }

    /** Writes a whole answer without error. */
    void writePage(ByteBuf target, Answer answer, int status, String page) {
        if (status == NO_CONTENT) {
            writeNoContent(target, answer);
            return;
        }
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        writeStatus(target, status, answer.pageType, answer.requestId);
        writeEnd(target, answer, body.length);
        target.writeBytes(body);
    }

    /** The head of a file that follows. */
    void writeFileHead(ByteBuf target, Answer answer, int fileBytes) {
        writeStatus(target, answer.pageStatus, answer.pageType, answer.requestId);
        writeEnd(target, answer, fileBytes);
    }

    /** 204, which has no body and no length. */
    private static void writeNoContent(ByteBuf target, Answer answer) {
        ByteBufUtil.writeAscii(target, "HTTP/1.1 204 No Content\r\nx-amzn-RequestId: ");
        ByteBufUtil.writeAscii(target, answer.requestId);
        writeConnection(target, answer);
        target.writeBytes(END);
    }

    /** 204 with the version that would have run. */
    void writeDryRun(ByteBuf target, Answer answer) {
        Exchange exchange = Objects.requireNonNull(answer.exchange);
        target.writeBytes(DRY_RUN_HEAD);
        ByteBufUtil.writeAscii(target, exchange.executedVersion);
        target.writeBytes(REQUEST_ID);
        ByteBufUtil.writeAscii(target, answer.requestId);
        writeConnection(target, answer);
        target.writeBytes(END);
    }

    /** 202 without a body: the event will be run. */
    void writeAccepted(ByteBuf target, Answer answer, Exchange exchange) {
        writeStatus(target, HttpResponseStatus.ACCEPTED.code(), answer.requestId);
        target.writeBytes(TRACE_ID);
        ByteBufUtil.writeAscii(target, exchange.traceId);
        writeEnd(target, answer, 0);
    }

    private static void writeIdentity(ByteBuf head, byte[] beginning, Exchange exchange) {
        head.writeBytes(beginning);
        ByteBufUtil.writeAscii(head, exchange.executedVersion);
        head.writeBytes(REQUEST_ID);
        ByteBufUtil.writeAscii(head, exchange.requestId);
        head.writeBytes(TRACE_ID);
        ByteBufUtil.writeAscii(head, exchange.traceId);
    }

    private void writeStatus(ByteBuf target, int status, String requestId) {
        writeStatus(target, status, null, requestId);
    }

    private void writeStatus(ByteBuf target, int status, @Nullable String type, String requestId) {
        ByteBufUtil.writeAscii(target, "HTTP/1.1 " + status + " " + reason(status));
        ByteBufUtil.writeAscii(target, "\r\nContent-Type: " + (type == null ? "application/json" : type));
        ByteBufUtil.writeAscii(target, "\r\nx-amzn-RequestId: ");
        ByteBufUtil.writeAscii(target, requestId);
    }

    private void writeEnd(ByteBuf head, Answer answer, int bodyBytes) {
        writeConnection(head, answer);
        head.writeBytes(CONTENT_LENGTH);
        writeDecimal(head, bodyBytes);
        head.writeBytes(END);
    }

    private static void writeConnection(ByteBuf head, Answer answer) {
        if (!answer.keepAlive) {
            head.writeBytes(CLOSE);
        } else if (answer.http10) {
            head.writeBytes(KEEP_ALIVE);
        }
    }

    private void writeDecimal(ByteBuf target, int value) {
        int at = digits.length;
        int rest = value;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        target.writeBytes(digits, at, digits.length - at);
    }

    private static String reason(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    static int lengthOf(@Nullable ByteBuf body) {
        return body == null ? 0 : body.readableBytes();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
