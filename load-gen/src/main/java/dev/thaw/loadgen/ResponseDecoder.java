package dev.thaw.loadgen;

import dev.thaw.results.Sample;
import dev.thaw.results.SampleStatus;
import dev.thaw.results.ServerRecord;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 responses, in whatever pieces they come, for just what a load needs: the end, the status, whether the
 * connection may be used again, and our and Lambda's headers. Bodies are skipped, but for the start of a function
 * error's, which tells a timeout. Allocates nothing once its line buffer has grown.
 *
 * <p>Threading: one thread.
 */
final class ResponseDecoder {
    private enum State {
        STATUS_LINE,
        HEADERS,
        BODY,
        BODY_UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK_END,
        TRAILERS,
        DONE
    }

    /** Log tails travel as headers; nothing honest is longer than this. */
    private static final int MAX_LINE_BYTES = 64 * 1024;

    private static final int MAX_HELD_BODY_BYTES = 1024;
    private static final long UNKNOWN = -1;
    private static final int UUID_LENGTH = 36;
    private static final int UUID_DIGITS = 32;

    private State state = State.STATUS_LINE;
    private byte[] line = new byte[512];
    private int lineLength;
    private long contentLength = UNKNOWN;
    private long remaining;
    private boolean chunked;
    private int status;
    private boolean keepAlive = true;
    private boolean functionError;
    private long requestIdHigh;
    private long requestIdLow;
    private final byte[] body = new byte[MAX_HELD_BODY_BYTES];
    private int bodyLength;
    private final AsciiText record = new AsciiText(ServerRecord.MAX_ENCODED_LENGTH);
    private @Nullable String malformed;

    /**
     * Takes bytes up to the response's end. True at that end; bytes that the buffer still holds belong to nobody. After
     * a malformed response ({@link #malformed()}) it takes nothing more.
     */
    boolean feed(ByteBuf in) {
        while (state != State.DONE && malformed == null && in.isReadable()) {
            switch (state) {
                case BODY, BODY_UNTIL_CLOSE -> takeBody(in);
                default -> {
                    if (takeLine(in)) {
                        onLine();
                        lineLength = 0;
                    }
                }
            }
        }
        return state == State.DONE;
    }

    /** The connection closed. True where that ends a response. */
    boolean end() {
        if (state == State.BODY_UNTIL_CLOSE) {
            state = State.DONE;
        }
        return state == State.DONE;
    }

    void reset() {
        state = State.STATUS_LINE;
        lineLength = 0;
        bodyLength = 0;
        malformed = null;
    }

    /** What is wrong with the bytes read, or null. */
    @Nullable
    String malformed() {
        return malformed;
    }

    int status() {
        return status;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    SampleStatus sampleStatus() {
        if (status == 429) {
            return SampleStatus.THROTTLED;
        }
        if (status < 200 || status > 299) {
            return SampleStatus.ERROR;
        }
        if (!functionError) {
            return SampleStatus.OK;
        }
        return bodyHolds(Ascii.TIMED_OUT) ? SampleStatus.TIMED_OUT : SampleStatus.FUNCTION_ERROR;
    }

    /** Takes over the id that the answer names. */
    void readRequestId(Sample target) {
        target.requestIdHigh = requestIdHigh;
        target.requestIdLow = requestIdLow;
    }

    /** Fills the server's side of the invocation; false where the response had none. */
    boolean readRecord(ServerRecord target) {
        return record.length() > 0 && target.decode(record);
    }

    private boolean takeLine(ByteBuf in) {
        int before = in.bytesBefore((byte) '\n');
        int take = before < 0 ? in.readableBytes() : before + 1;
        if (lineLength + take > line.length && !growLine(lineLength + take)) {
            return false;
        }
        in.readBytes(line, lineLength, take);
        lineLength += take;
        return before >= 0;
    }

    private boolean growLine(int size) {
        if (size > MAX_LINE_BYTES) {
            malformed = "line longer than " + MAX_LINE_BYTES + " bytes";
            return false;
        }
        line = Arrays.copyOf(line, Math.max(size, Math.min(line.length * 2, MAX_LINE_BYTES)));
        return true;
    }

    private void onLine() {
        int end = lineLength - 1;
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        switch (state) {
            case STATUS_LINE -> onStatusLine(end);
            case HEADERS -> onHeader(end);
            case CHUNK_SIZE -> onChunkSize(end);
            case CHUNK_END -> expect(end == 0, "chunk", State.CHUNK_SIZE);
            case TRAILERS -> onTrailer(end);
            default -> throw new IllegalStateException("line in " + state);
        }
    }

    private void expect(boolean good, String what, State next) {
        if (good) {
            state = next;
        } else {
            malformed = "bad " + what;
        }
    }

    /** {@code HTTP/1.1 200 OK}. */
    private void onStatusLine(int end) {
        boolean good = end >= 12 && Ascii.startsWith(line, Ascii.HTTP_1) && line[8] == ' ';
        status = good ? (int) Ascii.decimal(line, 9, 12) : 0;
        expect(good && status >= 100 && (end == 12 || line[12] == ' '), "status line", State.HEADERS);
        keepAlive = good && line[7] == '1';
        contentLength = UNKNOWN;
        chunked = false;
        functionError = false;
        requestIdHigh = 0;
        requestIdLow = 0;
        record.clear();
    }

    /** A streamed answer has its record there. */
    private void onTrailer(int end) {
        if (end == 0) {
            state = State.DONE;
        } else if (Ascii.startsWithIgnoreCase(line, 0, Ascii.RECORD)) {
            onHeader(end);
        }
    }

    private void onHeader(int end) {
        if (end == 0) {
            onHeadersEnd();
            return;
        }
        int colon = Ascii.indexOf(line, (byte) ':', end);
        if (colon < 1) {
            malformed = "bad header";
            return;
        }
        int from = colon + 1;
        while (from < end && Ascii.isBlank(line[from])) {
            from++;
        }
        int to = end;
        while (to > from && Ascii.isBlank(line[to - 1])) {
            to--;
        }
        onHeader(colon, from, to);
    }

    /** Names that matter differ in length. */
    private void onHeader(int nameLength, int from, int to) {
        switch (nameLength) {
            case 10 -> {
                if (Ascii.startsWithIgnoreCase(line, 0, Ascii.CONNECTION)) {
                    keepAlive = keepAlive
                            ? !Ascii.containsIgnoreCase(line, from, to, Ascii.CLOSE)
                            : Ascii.containsIgnoreCase(line, from, to, Ascii.KEEP_ALIVE);
                }
            }
            case 13 -> {
                if (Ascii.startsWithIgnoreCase(line, 0, Ascii.RECORD)) {
                    record.set(line, from, to);
                }
            }
            case 14 -> {
                if (Ascii.startsWithIgnoreCase(line, 0, Ascii.CONTENT_LENGTH)) {
                    onContentLength(Ascii.decimal(line, from, to));
                }
            }
            case 16 -> {
                if (Ascii.startsWithIgnoreCase(line, 0, Ascii.REQUEST_ID)) {
                    onRequestId(from, to);
                }
            }
            case 17 ->
                chunked |= Ascii.startsWithIgnoreCase(line, 0, Ascii.TRANSFER_ENCODING)
                        && Ascii.containsIgnoreCase(line, from, to, Ascii.CHUNKED);
            case 20 -> functionError |= Ascii.startsWithIgnoreCase(line, 0, Ascii.FUNCTION_ERROR);
            default -> {
                // Not of interest.
            }
        }
    }

    /** A UUID, or none that could be kept. */
    private void onRequestId(int from, int to) {
        long high = 0;
        long low = 0;
        int digits = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(line[i], 16);
            if (digit >= 0) {
                high = high << 4 | low >>> 60;
                low = low << 4 | digit;
                digits++;
            }
        }
        boolean whole = digits == UUID_DIGITS && to - from == UUID_LENGTH;
        requestIdHigh = whole ? high : 0;
        requestIdLow = whole ? low : 0;
    }

    private void onContentLength(long length) {
        if (length < 0 || (contentLength != UNKNOWN && contentLength != length)) {
            malformed = "bad content-length";
        }
        contentLength = length;
    }

    private void onHeadersEnd() {
        if (status < 200) {
            state = State.STATUS_LINE; // An interim response: the real one follows.
        } else if (status == 204 || status == 304) {
            state = State.DONE;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (contentLength == UNKNOWN) {
            keepAlive = false;
            state = State.BODY_UNTIL_CLOSE;
        } else {
            remaining = contentLength;
            state = remaining == 0 ? State.DONE : State.BODY;
        }
    }

    private void onChunkSize(int end) {
        int semicolon = Ascii.indexOf(line, (byte) ';', end);
        int digits = semicolon < 0 ? end : semicolon;
        while (digits > 0 && Ascii.isBlank(line[digits - 1])) {
            digits--;
        }
        remaining = Ascii.hexadecimal(line, digits);
        expect(remaining >= 0, "chunk size", remaining == 0 ? State.TRAILERS : State.BODY);
    }

    private void takeBody(ByteBuf in) {
        int take = in.readableBytes();
        if (state == State.BODY) {
            take = (int) Math.min(take, remaining);
            remaining -= take;
        }
        int held = functionError ? Math.min(take, MAX_HELD_BODY_BYTES - bodyLength) : 0;
        in.readBytes(body, bodyLength, held);
        bodyLength += held;
        in.skipBytes(take - held);
        if (state == State.BODY && remaining == 0) {
            state = chunked ? State.CHUNK_END : State.DONE;
        }
    }

    private boolean bodyHolds(byte[] text) {
        return Ascii.contains(body, bodyLength, text);
    }
}
