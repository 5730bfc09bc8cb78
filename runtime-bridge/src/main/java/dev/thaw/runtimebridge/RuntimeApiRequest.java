package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request of a runtime, as far as this protocol needs it. A carrier that its decoder fills again for every request.
 *
 * <p>Threading: none; belongs to its connection's event loop.
 */
public final class RuntimeApiRequest {
    /** No body length was announced. */
    static final long NO_LENGTH = -1;
    /** Request ids are UUIDs; a longer path segment is no id of ours. */
    private static final int ID_BYTES_LIMIT = 64;

    /** A content type that is longer is not passed on. */
    private static final int CONTENT_TYPE_BYTES_LIMIT = 128;

    private final byte[] requestId = new byte[ID_BYTES_LIMIT];
    private int requestIdLength;
    private final byte[] contentType = new byte[CONTENT_TYPE_BYTES_LIMIT];
    private int contentTypeLength;

    RuntimeApiCall call = RuntimeApiCall.UNKNOWN;
    boolean keepAlive;
    boolean chunked;
    boolean expectContinue;
    long contentLength = NO_LENGTH;

    @Nullable
    String errorType;

    @Nullable
    String responseMode;

    /** {@code Lambda-Extension-Name}, as sent; the next three likewise. */
    @Nullable
    String extensionName;

    @Nullable
    String extensionId;

    @Nullable
    String extensionFeature;

    @Nullable
    String extensionErrorType;

    @Nullable
    ByteBuf body;

    /** The body is told in parts, as they come; set by the listener when it has seen the head. */
    boolean streamed;
    /** Of a streamed body, so far. */
    long streamedBytes;

    /** Trailers of a streamed response that failed midway. */
    @Nullable
    String trailerErrorType;

    @Nullable
    String trailerErrorBody;

    /** The body was longer than its listener wanted, and was dropped. */
    boolean oversized;

    void clear() {
        requestIdLength = 0;
        contentTypeLength = 0;
        streamed = false;
        streamedBytes = 0;
        trailerErrorType = null;
        trailerErrorBody = null;
        call = RuntimeApiCall.UNKNOWN;
        keepAlive = true;
        chunked = false;
        expectContinue = false;
        contentLength = NO_LENGTH;
        errorType = null;
        responseMode = null;
        extensionName = null;
        extensionId = null;
        extensionFeature = null;
        extensionErrorType = null;
        body = null;
        oversized = false;
    }

    /** Copies the id out of the request line; one that is too long matches nothing. */
    @HotPath
    void requestId(ByteBuf in, int start, int length) {
        if (length > ID_BYTES_LIMIT) {
            requestIdLength = 0;
            return;
        }
        in.getBytes(start, requestId, 0, length);
        requestIdLength = length;
    }

    /** Copies it out of the header block, for streamed responses alone to make a text of it. */
    @HotPath
    void contentType(ByteBuf in, int start, int length) {
        contentTypeLength = Math.min(length, CONTENT_TYPE_BYTES_LIMIT + 1);
        if (length <= CONTENT_TYPE_BYTES_LIMIT) {
            in.getBytes(start, contentType, 0, length);
        }
    }

    /** Null where there is none that can be passed on as a header. */
    @Nullable
    String contentType() {
        if (contentTypeLength == 0 || contentTypeLength > CONTENT_TYPE_BYTES_LIMIT) {
            return null;
        }
        String text = new String(contentType, 0, contentTypeLength, StandardCharsets.ISO_8859_1);
        return text.chars().allMatch(c -> c >= ' ' && c <= '~') ? text : null;
    }

    /** Whether the path named this invocation. */
    @HotPath
    boolean isFor(String expected) {
        if (expected.length() != requestIdLength) {
            return false;
        }
        for (int i = 0; i < requestIdLength; i++) {
            if (expected.charAt(i) != (char) (requestId[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    public RuntimeApiCall call() {
        return call;
    }

    public String requestId() {
        return new String(requestId, 0, requestIdLength, StandardCharsets.ISO_8859_1);
    }

    public boolean keepAlive() {
        return keepAlive;
    }

    /** {@code Lambda-Runtime-Function-Error-Type}, as sent. */
    public @Nullable String errorType() {
        return errorType;
    }

    /** {@code Lambda-Runtime-Function-Response-Mode}, as sent. */
    public @Nullable String responseMode() {
        return responseMode;
    }

    /** Whether the body was dropped for its length. */
    public boolean oversized() {
        return oversized;
    }

    /** Hands the body over to the caller, who releases it; null where there was none or it was dropped. */
    @HotPath
    public @Nullable ByteBuf takeBody() {
        ByteBuf taken = body;
        body = null;
        return taken;
    }
}
