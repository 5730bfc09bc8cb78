package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds, in the bytes of one connection, where the first part of a response ends that its runtime streams. A request is
 * taken to begin where a read does.
 *
 * <p>Threading: the connection's event loop.
 */
final class FirstPart {
    private static final int LOOKED_AT = 64 << 10;
    private static final Pattern STREAMED =
            Pattern.compile("\r\nlambda-runtime-function-response-mode: *streaming *\r\n", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHUNKED =
            Pattern.compile("\r\ntransfer-encoding: *chunked *\r\n", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,7})[^\r\n]*\r\n");

    private final StringBuilder text = new StringBuilder();
    private boolean looking;

    /** How many of these bytes, the next to be read, reach to its end, or to the end of what is here of it; 0 before it. */
    int endIn(ByteBuf bytes) {
        if (!looking) {
            text.setLength(0);
        }
        int before = text.length();
        text.append(bytes.toString(
                bytes.readerIndex(), Math.min(bytes.readableBytes(), LOOKED_AT - before), StandardCharsets.ISO_8859_1));
        looking = text.length() < LOOKED_AT && text.indexOf("POST ") == 0;
        int end = looking ? end() : 0;
        looking &= end == 0;
        return end == 0 ? 0 : end - before;
    }

    private int end() {
        int head = text.indexOf("\r\n\r\n");
        if (head < 0) {
            return 0;
        }
        String headers = text.substring(0, head + 2);
        looking = STREAMED.matcher(headers).find();
        int from = head + 4;
        if (!looking || !CHUNKED.matcher(headers).find()) {
            return looking && text.length() > from ? text.length() : 0;
        }
        Matcher chunk = CHUNK.matcher(text).region(from, text.length());
        if (!chunk.lookingAt()) {
            return 0;
        }
        int size = Integer.parseInt(chunk.group(1), 16);
        looking = size > 0;
        return looking && text.length() > chunk.end() ? Math.min(text.length(), chunk.end() + size) : 0;
    }
}
