package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.x requests of one connection: our own, because this is the hottest protocol path and it needs six
 * headers. Parses in place, line by line, and resumes where it stopped; a body that came in one piece is a slice of
 * the buffer it came in. Bounds everything that its peer chooses: header block, pipelined bytes, kept and dropped body.
 *
 * <p>Threading: one thread, its connection's event loop.
 */
public final class RuntimeApiRequestDecoder {
    /** Longest header block: header lines of 1 MiB must pass (wire.md W1), and the other lines beside one. */
    static final int HEADER_BLOCK_LIMIT_BYTES = (1 << 20) + (64 << 10);
    /** Most bytes that a peer may send ahead of an answer. */
    static final int PIPELINE_LIMIT_BYTES = 64 << 10;
    /** Most bytes read only to be dropped, so that a refusal can be answered in order. */
    static final long DROP_LIMIT_BYTES = 64L << 20;

    private static final int CHUNK_LINE_LIMIT_BYTES = 4 << 10;
    private static final int BODY_FIRST_CAPACITY_BYTES = 256 << 10;

    /** What a decoder tells. */
    public interface Listener {
        /** Answered already; the decoder ends and drops whatever follows. */
        int REFUSED = -1;

        /** The header block is read. Returns how long a body is wanted: a longer one is read and dropped. */
        int onHead(RuntimeApiRequest request);

        /**
         * What came of a body that is {@link RuntimeApiRequest#streamed} since the last part; the listener owns it.
         * Returns false to stop until {@link RuntimeApiRequestDecoder#resume}.
         */
        default boolean onPart(RuntimeApiRequest request, ByteBuf part) {
            throw new IllegalStateException("nobody asked for parts");
        }

        /** A streamed body has become too long with this, its last part; the rest is read and dropped. */
        default void onLastPart(RuntimeApiRequest request, ByteBuf part) {
            throw new IllegalStateException("nobody asked for parts");
        }

        /** The request is complete. Returns false to stop until {@link RuntimeApiRequestDecoder#resume}. */
        boolean onRequest(RuntimeApiRequest request);

        /** Nothing sensible can follow on this connection. */
        void onMalformed(int status, String reason);
    }

    private enum State {
        REQUEST_LINE,
        HEADERS,
        FIXED_BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        /** A streamed body is whole; its last part may have to be taken first. */
        STREAM_END,
        DEAD
    }

    private final RuntimeApiRequest request = new RuntimeApiRequest();
    private final ByteBufAllocator allocator;
    private final Listener listener;
    private @Nullable ByteBuf in;
    private State state = State.REQUEST_LINE;
    private boolean stopped;
    private boolean decoding;
    /** Where the search for the next line's end goes on. */
    private int scanIndex;

    private int headerBytes;
    private int bodyLimitBytes;
    private long remainingBytes;
    private long droppedBytes;

    public RuntimeApiRequestDecoder(ByteBufAllocator allocator, Listener listener) {
        this.allocator = allocator;
        this.listener = listener;
    }

    /** Takes over {@code bytes} and decodes as far as they go. */
    @HotPath
    public void feed(ByteBuf bytes) {
        if (state == State.DEAD) {
            bytes.release();
            return;
        }
        ByteBuf held = in;
        if (held == null) {
            in = bytes;
            scanIndex = bytes.readerIndex();
        } else {
            append(held, bytes);
        }
        decode();
    }

    /** Goes on after {@link Listener#onRequest} returned false. */
    @HotPath
    public void resume() {
        stopped = false;
        decode();
    }

    /** Whether a request has begun and not ended. */
    boolean isMidRequest() {
        return state != State.REQUEST_LINE && state != State.DEAD;
    }

    /** Whether it waits for {@link #resume}. */
    boolean isStopped() {
        return stopped;
    }

    /** Drops everything; nothing is told any more. */
    public void close() {
        state = State.DEAD;
        releaseBody();
        if (!decoding) {
            releaseInput();
        }
    }

    private void append(ByteBuf held, ByteBuf bytes) {
        int scanned = scanIndex - held.readerIndex();
        if (held.readerIndex() > PIPELINE_LIMIT_BYTES && held.refCnt() == 1) {
            held.discardReadBytes(); // else a peer that is always one byte ahead would make it grow for ever
        }
        ByteBuf merged = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, held, bytes);
        in = merged;
        scanIndex = merged.readerIndex() + scanned;
    }

    @HotPath
    private void decode() {
        ByteBuf buffer = in;
        if (decoding || buffer == null) {
            return;
        }
        decoding = true;
        while (!stopped && step(buffer)) {}
        if (request.streamed && !stopped) {
            passPart();
        }
        decoding = false;
        if (state == State.DEAD || (!buffer.isReadable() && state != State.STREAM_END)) {
            releaseInput();
        } else if (stopped && !isMidRequest() && buffer.readableBytes() > PIPELINE_LIMIT_BYTES) {
            malformed(400, "more than " + PIPELINE_LIMIT_BYTES + " bytes were sent ahead of an answer");
            releaseInput();
        }
    }

    /** Returns false where it needs more bytes, or is at an end. */
    @HotPath
    private boolean step(ByteBuf buffer) {
        return switch (state) {
            case REQUEST_LINE, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS -> stepLine(buffer);
            case FIXED_BODY, CHUNK_DATA -> stepBody(buffer);
            case STREAM_END -> passPart() && complete();
            case DEAD -> false;
        };
    }

    @HotPath
    private boolean stepLine(ByteBuf buffer) {
        int start = buffer.readerIndex();
        int lineFeed = buffer.indexOf(scanIndex, buffer.writerIndex(), (byte) '\n');
        if (lineFeed < 0) {
            scanIndex = buffer.writerIndex();
            checkLineLimit(scanIndex - start);
            return false;
        }
        int lengthBytes = lineFeed + 1 - start;
        if (!checkLineLimit(lengthBytes)) {
            return false;
        }
        headerBytes += lengthBytes;
        int end = lineFeed > start && buffer.getByte(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
        buffer.readerIndex(lineFeed + 1);
        scanIndex = lineFeed + 1;
        return onLine(buffer, start, end);
    }

    /** Returns false where the line is too long, which ends this decoder. */
    private boolean checkLineLimit(int lineBytes) {
        if (state == State.CHUNK_SIZE && lineBytes > CHUNK_LINE_LIMIT_BYTES) {
            return malformed(400, "chunk size line is longer than " + CHUNK_LINE_LIMIT_BYTES + " bytes");
        }
        if (headerBytes + lineBytes > HEADER_BLOCK_LIMIT_BYTES) {
            return malformed(431, "header block is longer than " + HEADER_BLOCK_LIMIT_BYTES + " bytes");
        }
        return true;
    }

    @HotPath
    private boolean onLine(ByteBuf buffer, int start, int end) {
        return switch (state) {
            case REQUEST_LINE -> onRequestLine(buffer, start, end);
            case HEADERS -> start == end ? onHeadersEnd() : onHeader(buffer, start, end);
            case CHUNK_SIZE -> onChunkSize(buffer, start, end);
            case CHUNK_END -> start == end ? enter(State.CHUNK_SIZE) : malformed(400, "chunk is longer than its size");
            case TRAILERS -> start == end ? endBody() : onTrailer(buffer, start, end);
            case FIXED_BODY, CHUNK_DATA, STREAM_END, DEAD -> false;
        };
    }

    @HotPath
    private boolean onRequestLine(ByteBuf buffer, int start, int end) {
        if (start == end) {
            return true; // an empty line before a request is allowed (RFC 9112 section 2.2), within the header limit
        }
        request.clear();
        String fault = RuntimeApiRequestLine.parse(buffer, start, end, request);
        return fault == null ? enter(State.HEADERS) : malformed(400, fault);
    }

    @HotPath
    private boolean onHeader(ByteBuf buffer, int start, int end) {
        String fault = RuntimeApiHeader.parse(buffer, start, end, request);
        return fault == null || malformed(400, fault);
    }

    @HotPath
    private boolean onHeadersEnd() {
        if (request.chunked && request.contentLength >= 0) {
            return malformed(400, "both Content-Length and Transfer-Encoding");
        }
        int limit = listener.onHead(request);
        if (limit == Listener.REFUSED || state == State.DEAD) {
            close();
            return false;
        }
        bodyLimitBytes = limit;
        droppedBytes = 0;
        if (request.chunked) {
            return enter(State.CHUNK_SIZE);
        }
        remainingBytes = Math.max(0, request.contentLength);
        request.oversized = remainingBytes > bodyLimitBytes;
        return remainingBytes == 0 ? endBody() : enter(State.FIXED_BODY);
    }

    /** {@code hex [;extension]}. */
    private boolean onChunkSize(ByteBuf buffer, int start, int end) {
        headerBytes = 0;
        long size = 0;
        int at = start;
        for (; at < end && Character.digit(buffer.getByte(at), 16) >= 0; at++) {
            size = size << 4 | Character.digit(buffer.getByte(at), 16);
            if (size > Integer.MAX_VALUE) {
                return malformed(400, "chunk is longer than " + Integer.MAX_VALUE + " bytes");
            }
        }
        boolean extension = at < end && (buffer.getByte(at) == ';' || buffer.getByte(at) == ' ');
        if (at == start || (at < end && !extension)) {
            return malformed(400, "chunk size is not hexadecimal");
        }
        remainingBytes = size;
        return enter(size == 0 ? State.TRAILERS : State.CHUNK_DATA);
    }

    @HotPath
    private boolean stepBody(ByteBuf buffer) {
        int available = (int) Math.min(buffer.readableBytes(), remainingBytes);
        if (available == 0) {
            return false;
        }
        if (!takeBytes(buffer, available)) {
            return false;
        }
        scanIndex = buffer.readerIndex();
        remainingBytes -= available;
        if (remainingBytes > 0) {
            return false;
        }
        return state == State.FIXED_BODY ? endBody() : enter(State.CHUNK_END);
    }

    @HotPath
    private boolean takeBytes(ByteBuf buffer, int count) {
        if (request.streamed && !request.oversized) {
            return takePart(buffer, count);
        }
        ByteBuf body = request.body;
        int keptBytes = body == null ? 0 : body.readableBytes();
        request.oversized |= keptBytes + (long) count > bodyLimitBytes;
        if (request.oversized) {
            return drop(buffer, count);
        }
        if (body == null && count == remainingBytes && state == State.FIXED_BODY) {
            request.body = buffer.readRetainedSlice(count);
            return true;
        }
        if (body == null) {
            int wantedBytes = state == State.FIXED_BODY ? (int) remainingBytes : count;
            body = allocator.ioBuffer(Math.min(wantedBytes, BODY_FIRST_CAPACITY_BYTES), bodyLimitBytes);
            request.body = body;
        }
        body.writeBytes(buffer, count);
        return true;
    }

    /** Gathers what one read brings of a streamed body, up to its bound. */
    private boolean takePart(ByteBuf buffer, int count) {
        int roomBytes = (int) Math.min(count, bodyLimitBytes - request.streamedBytes);
        ByteBuf part = request.body;
        if (part == null) {
            part = allocator.ioBuffer(Math.max(roomBytes, 1));
            request.body = part;
        }
        part.writeBytes(buffer, roomBytes);
        request.streamedBytes += roomBytes;
        if (roomBytes == count) {
            return true;
        }
        request.oversized = true;
        request.body = null;
        listener.onLastPart(request, part);
        return drop(buffer, count - roomBytes);
    }

    /** Returns false where the decoder has to stop behind it. */
    private boolean passPart() {
        ByteBuf part = request.takeBody();
        if (part != null && !listener.onPart(request, part)) {
            stopped = true;
        }
        return !stopped;
    }

    private boolean onTrailer(ByteBuf buffer, int start, int end) {
        RuntimeApiHeader.parseTrailer(buffer, start, end, request);
        return true;
    }

    @HotPath
    private boolean endBody() {
        return request.streamed ? enter(State.STREAM_END) : complete();
    }

    private boolean drop(ByteBuf buffer, int count) {
        releaseBody();
        buffer.skipBytes(count);
        droppedBytes += count;
        return droppedBytes <= DROP_LIMIT_BYTES || malformed(413, "body is longer than " + DROP_LIMIT_BYTES + " bytes");
    }

    @HotPath
    private boolean complete() {
        state = State.REQUEST_LINE;
        headerBytes = 0;
        stopped = !listener.onRequest(request);
        releaseBody();
        return state != State.DEAD;
    }

    private boolean enter(State next) {
        state = next;
        return true;
    }

    private boolean malformed(int status, String reason) {
        if (request.streamed) {
            boolean _ = passPart(); // what came before it was right
        }
        state = State.DEAD;
        releaseBody();
        listener.onMalformed(status, reason);
        return false;
    }

    private void releaseBody() {
        ByteBuf body = request.takeBody();
        if (body != null) {
            body.release();
        }
    }

    private void releaseInput() {
        ByteBuf held = in;
        in = null;
        if (held != null) {
            held.release();
        }
    }
}
