package dev.thaw.scheduler.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes the two events of {@code application/vnd.amazon.eventstream} that a response stream has (wire.md W4): u32 total
 * length, u32 headers length, u32 CRC of both, headers, payload, u32 CRC of everything before. A header is u8 name
 * length, name, u8 7 for text, u16 value length, value. One event is one HTTP chunk.
 *
 * <p>Threading: none; one for each event loop.
 */
final class EventStreamFrames {
    /** Lengths and checksums. */
    static final int OVERHEAD_BYTES = 16;

    private static final byte[] PAYLOAD_CHUNK = headers("PayloadChunk", "application/octet-stream");
    private static final byte[] INVOKE_COMPLETE = headers("InvokeComplete", "application/json");
    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PRELUDE_BYTES = 8;
    private static final int CHUNK_LINES_BYTES = 16;
    private static final int LINE_END = '\r' << 8 | '\n';
    private static final byte TEXT = 7;

    private final CRC32 checksum = new CRC32();

    /** {@code chunked}: as an HTTP chunk; a client of HTTP/1.0 gets the bare event. */
    ByteBuf payloadChunk(ByteBufAllocator alloc, ByteBuf payload, boolean chunked) {
        return event(alloc, PAYLOAD_CHUNK, payload, chunked);
    }

    /** The last event, and the last chunk with it; behind that {@code trailer}, whole lines, which only chunks can have. */
    ByteBuf invokeComplete(ByteBufAllocator alloc, String json, boolean chunked, String trailer) {
        ByteBuf payload = ByteBufUtil.writeUtf8(alloc, json);
        ByteBuf event = event(alloc, INVOKE_COMPLETE, payload, chunked);
        payload.release();
        if (chunked) {
            event.writeBytes(LAST_CHUNK);
            ByteBufUtil.writeAscii(event, trailer);
            event.writeShort(LINE_END);
        }
        return event;
    }

    private ByteBuf event(ByteBufAllocator alloc, byte[] headers, ByteBuf payload, boolean chunked) {
        int totalBytes = OVERHEAD_BYTES + headers.length + payload.readableBytes();
        ByteBuf out = alloc.directBuffer(totalBytes + CHUNK_LINES_BYTES);
        if (chunked) {
            ByteBufUtil.writeAscii(out, Integer.toHexString(totalBytes));
            out.writeShort(LINE_END);
        }
        int start = out.writerIndex();
        out.writeInt(totalBytes).writeInt(headers.length);
        out.writeInt(checksumOf(out, start, PRELUDE_BYTES));
        out.writeBytes(headers).writeBytes(payload, payload.readerIndex(), payload.readableBytes());
        out.writeInt(checksumOf(out, start, out.writerIndex() - start));
        return chunked ? out.writeShort(LINE_END) : out;
    }

    private int checksumOf(ByteBuf bytes, int from, int count) {
        checksum.reset();
        checksum.update(bytes.nioBuffer(from, count));
        return (int) checksum.getValue();
    }

    private static byte[] headers(String eventType, String contentType) {
        ByteBuf out = Unpooled.buffer();
        header(out, ":message-type", "event");
        header(out, ":event-type", eventType);
        header(out, ":content-type", contentType);
        return ByteBufUtil.getBytes(out);
    }

    private static void header(ByteBuf out, String name, String value) {
        out.writeByte(name.length());
        ByteBufUtil.writeAscii(out, name);
        out.writeByte(TEXT).writeShort(value.length());
        ByteBufUtil.writeAscii(out, value);
    }
}
