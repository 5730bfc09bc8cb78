package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers of the Runtime API: exact statuses, bodies and headers (wire.md W1). Pure; safe on any thread.
 */
public final class RuntimeApiResponses {
    private static final String ACCEPTED_BODY = "{\"status\":\"OK\"}\n";
    private static final byte[] ACCEPTED = ascii(
            "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n" + ACCEPTED_BODY);
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] NEXT =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: ");
    private static final byte[] DEADLINE = ascii("\r\nLambda-Runtime-Deadline-Ms: ");
    private static final byte[] FUNCTION_ARN = ascii("\r\nLambda-Runtime-Invoked-Function-Arn: ");
    private static final byte[] TRACE_ID = ascii("\r\nLambda-Runtime-Trace-Id: ");
    private static final byte[] CLIENT_CONTEXT = ascii("\r\nLambda-Runtime-Client-Context: ");
    private static final byte[] CONTENT_LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] CLOSE = ascii("\r\nConnection: close");
    private static final byte[] END = ascii("\r\n\r\n");
    private static final int NEXT_CAPACITY_BYTES = 512;
    /** Payloads up to this are copied behind the head: cheaper than a second buffer in the kernel's list. */
    static final int SMALL_PAYLOAD_BYTES = 1_024;

    private RuntimeApiResponses() {}

    /** 202 with {@code {"status":"OK"}}: the one answer that every known runtime takes (wire.md W1). */
    @HotPath
    public static ByteBuf accepted(ByteBufAllocator allocator, boolean keepAlive) {
        if (!keepAlive) {
            return withBody(allocator, 202, "application/json", ACCEPTED_BODY, false);
        }
        return allocator.ioBuffer(ACCEPTED.length).writeBytes(ACCEPTED);
    }

    static ByteBuf proceed(ByteBufAllocator allocator) {
        return allocator.ioBuffer(CONTINUE.length).writeBytes(CONTINUE);
    }

    /**
     * The head of an event, each header only where it has a value, and its payload where that is small (then released);
     * a larger payload follows as it is. {@code accepted}: behind the 202 that was held back for it.
     */
    @HotPath
    public static ByteBuf next(
            ByteBufAllocator allocator, RuntimeApiEvent event, ByteBuf payload, boolean keepAlive, boolean accepted) {
        int payloadBytes = payload.readableBytes();
        boolean small = isSmall(payload);
        ByteBuf out = allocator.ioBuffer(ACCEPTED.length + NEXT_CAPACITY_BYTES + (small ? payloadBytes : 0));
        if (accepted) {
            out.writeBytes(ACCEPTED);
        }
        writeNextHead(out, event, payloadBytes, keepAlive);
        if (small) {
            out.writeBytes(payload);
            payload.release();
        }
        return out;
    }

    @HotPath
    static boolean isSmall(ByteBuf payload) {
        return payload.readableBytes() <= SMALL_PAYLOAD_BYTES;
    }

    @HotPath
    private static void writeNextHead(ByteBuf out, RuntimeApiEvent event, int payloadBytes, boolean keepAlive) {
        out.writeBytes(NEXT);
        ByteBufUtil.writeAscii(out, event.requestId);
        out.writeBytes(DEADLINE);
        writeDecimal(out, event.deadlineEpochMs);
        writeHeader(out, FUNCTION_ARN, event.invokedFunctionArn);
        writeHeader(out, TRACE_ID, event.traceId);
        writeHeader(out, CLIENT_CONTEXT, event.clientContext);
        out.writeBytes(CONTENT_LENGTH);
        writeDecimal(out, payloadBytes);
        if (!keepAlive) {
            out.writeBytes(CLOSE);
        }
        out.writeBytes(END);
    }

    /** {@code {"errorMessage":..., "errorType":...}}. */
    static ByteBuf error(ByteBufAllocator allocator, int status, String type, String message, boolean keepAlive) {
        return withBody(allocator, status, "application/json", errorBody(type, message), keepAlive);
    }

    static ByteBuf text(ByteBufAllocator allocator, String body, boolean keepAlive) {
        return withBody(allocator, 200, "text/plain", body, keepAlive);
    }

    /** 200 with a JSON body, and an id in the header {@code name}. */
    static ByteBuf identified(ByteBufAllocator allocator, String name, String id, String body, boolean keepAlive) {
        return withBody(allocator, 200, "application/json\r\n" + name + ": " + id, body, keepAlive);
    }

    private static String errorBody(String type, String message) {
        return "{\"errorMessage\":\"" + escape(message) + "\",\"errorType\":\"" + escape(type) + "\"}\n";
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static ByteBuf withBody(
            ByteBufAllocator allocator, int status, String contentType, String body, boolean keepAlive) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = allocator.ioBuffer(NEXT_CAPACITY_BYTES);
        ByteBufUtil.writeAscii(out, "HTTP/1.1 " + status + " " + reason(status) + "\r\nContent-Type: " + contentType);
        out.writeBytes(CONTENT_LENGTH);
        writeDecimal(out, bytes.length);
        if (!keepAlive) {
            out.writeBytes(CLOSE);
        }
        return out.writeBytes(END).writeBytes(bytes);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 410 -> "Gone";
            case 413 -> "Request Entity Too Large";
            case 431 -> "Request Header Fields Too Large";
            default -> "Error";
        };
    }

    @HotPath
    private static void writeHeader(ByteBuf out, byte[] name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        out.writeBytes(name);
        int start = out.writerIndex();
        ByteBufUtil.writeUtf8(out, value);
        blankControls(out, start, out.writerIndex());
    }

    /**
     * Values come from clients: a line break in one would let a client forge headers for the runtime. In JSON a raw
     * control character is white space or an error, so a blank keeps every valid value's meaning.
     */
    @HotPath
    private static void blankControls(ByteBuf out, int start, int end) {
        for (int i = start; i < end; i++) {
            byte character = out.getByte(i);
            if ((character >= 0 && character < ' ') || character == 0x7F) {
                out.setByte(i, ' ');
            }
        }
    }

    @HotPath
    private static void writeDecimal(ByteBuf out, long value) {
        if (value >= 10) {
            writeDecimal(out, value / 10);
        }
        out.writeByte('0' + (int) (value % 10));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
