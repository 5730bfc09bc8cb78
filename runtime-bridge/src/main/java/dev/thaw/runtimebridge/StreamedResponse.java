package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How far the response to a session's invocation has been streamed. One for each session, used again for every
 * invocation.
 *
 * <p>Threading: its event loop.
 */
final class StreamedResponse {
    /** Where it goes; null where the response is wanted whole, and once it is over. */
    private @Nullable ResponseStream stream;

    /** A response in streaming mode is being sent, whether or not anybody wants its parts. */
    private boolean begun;

    private boolean truncated;

    /** An invocation begins. */
    @HotPath
    void expect(@Nullable ResponseStream wanted) {
        stream = wanted;
        begun = false;
        truncated = false;
    }

    /** The head of a response in streaming mode has come: parts follow, where anybody wants them. */
    void begin(RuntimeApiConnection connection, RuntimeApiRequest request) {
        begun = true;
        ResponseStream wanted = stream;
        if (wanted != null) {
            connection.streamTo(wanted, request);
        }
    }

    /** Takes a part over. Returns false where the next one must wait; one that comes too late to count is dropped. */
    boolean write(ByteBuf part) {
        ResponseStream current = stream;
        if (current != null) {
            return current.write(part);
        }
        part.release();
        return true;
    }

    /** Takes the last part before the response became too long. Returns false where it came too late to count. */
    boolean writeLast(ByteBuf part) {
        ResponseStream current = stream;
        if (current != null) {
            current.writeLast(part);
        } else {
            part.release();
        }
        return current != null;
    }

    /** Its connection is gone. Whether its runtime goes on or has ended as well is not known yet. */
    void truncate() {
        truncated = begun;
    }

    /** Its connection has gone before it was whole. */
    @HotPath
    boolean isTruncated() {
        return truncated;
    }

    @HotPath
    void end() {
        ResponseStream current = stream;
        boolean sending = begun;
        stream = null;
        begun = false;
        truncated = false;
        if (sending && current != null) {
            current.end();
        }
    }

    /**
     * Tells of a response in streaming mode that is whole. Midway errors come in trailers; where the response was wanted
     * whole they make a function error of it.
     */
    static void slowTell(RuntimeApiRequest request, ByteBuf body, SessionListener listener) {
        String errorType = request.trailerErrorType == null ? null : ReportedErrorType.of(request.trailerErrorType);
        ByteBuf report = errorType == null ? null : errorBody(request);
        if (request.streamed) {
            listener.onStreamed(errorType, report); // every part of the body has been passed on
        } else if (errorType == null) {
            listener.onResponse(body);
        } else {
            listener.onError(errorType, report == null || body.isReadable() ? body : report);
        }
    }

    /** What the trailers say of an error; null where that is nothing. What is not base64 stays as it was sent. */
    private static @Nullable ByteBuf errorBody(RuntimeApiRequest request) {
        String encoded = request.trailerErrorBody;
        if (encoded == null || encoded.isEmpty()) {
            return null;
        }
        try {
            return Unpooled.wrappedBuffer(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            return Unpooled.copiedBuffer(encoded, StandardCharsets.ISO_8859_1);
        }
    }
}
