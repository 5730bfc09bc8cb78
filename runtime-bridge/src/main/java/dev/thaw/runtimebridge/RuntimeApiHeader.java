package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one header line. Looks at the headers that the APIs need, skips the rest. Pure. */
final class RuntimeApiHeader {
    private static final byte[] EXPECT = ascii("expect");
    private static final byte[] CONNECTION = ascii("connection");
    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
    private static final byte[] ERROR_TYPE = ascii("lambda-runtime-function-error-type");
    private static final byte[] ERROR_BODY = ascii("lambda-runtime-function-error-body");
    private static final byte[] RESPONSE_MODE = ascii("lambda-runtime-function-response-mode");
    private static final byte[] EXTENSION_NAME = ascii("lambda-extension-name");
    private static final byte[] EXTENSION_ID = ascii("lambda-extension-identifier");
    private static final byte[] EXTENSION_FEATURE = ascii("lambda-extension-accept-feature");
    private static final byte[] EXTENSION_ERROR_TYPE = ascii("lambda-extension-function-error-type");
    private static final boolean[] TOKEN = tokenCharacters();

    private RuntimeApiHeader() {}

    /** Fills the matching field of {@code request}. Returns what is wrong, or null. */
    @HotPath
    static @Nullable String parse(ByteBuf in, int start, int end, RuntimeApiRequest request) {
        int colon = in.indexOf(start, end, (byte) ':');
        if (colon <= start || !isToken(in, start, colon)) {
            return "header line has no name";
        }
        int from = colon + 1;
        while (from < end && isSpace(in.getByte(from))) {
            from++;
        }
        int to = end;
        while (to > from && isSpace(in.getByte(to - 1))) {
            to--;
        }
        return switch (colon - start) {
            case 6 -> is(in, start, EXPECT) ? expect(in, from, to, request) : null;
            case 10 -> is(in, start, CONNECTION) ? connection(in, from, to, request) : null;
            case 12 -> is(in, start, CONTENT_TYPE) ? contentType(in, from, to, request) : null;
            case 14 -> is(in, start, CONTENT_LENGTH) ? contentLength(in, from, to, request) : null;
            case 17 -> is(in, start, TRANSFER_ENCODING) ? transferEncoding(in, from, to, request) : null;
            case 21 -> is(in, start, EXTENSION_NAME) ? extensionName(in, from, to, request) : null;
            case 27 -> is(in, start, EXTENSION_ID) ? extensionId(in, from, to, request) : null;
            case 31 -> is(in, start, EXTENSION_FEATURE) ? extensionFeature(in, from, to, request) : null;
            case 34 -> is(in, start, ERROR_TYPE) ? errorType(in, from, to, request) : null;
            case 36 -> is(in, start, EXTENSION_ERROR_TYPE) ? extensionErrorType(in, from, to, request) : null;
            case 37 -> is(in, start, RESPONSE_MODE) ? responseMode(in, from, to, request) : null;
            default -> null;
        };
    }

    /** Reads a trailer line: how a streamed response failed midway. Every other one is skipped. */
    static void parseTrailer(ByteBuf in, int start, int end, RuntimeApiRequest request) {
        int colon = in.indexOf(start, end, (byte) ':');
        if (colon - start != ERROR_TYPE.length) {
            return;
        }
        if (is(in, start, ERROR_TYPE)) {
            request.trailerErrorType = text(in, colon + 1, end).strip();
        } else if (is(in, start, ERROR_BODY)) {
            request.trailerErrorBody = text(in, colon + 1, end).strip();
        }
    }

    @HotPath
    static boolean isToken(ByteBuf in, int start, int end) {
        for (int i = start; i < end; i++) {
            int character = in.getByte(i);
            if (character < 0 || !TOKEN[character]) {
                return false;
            }
        }
        return end > start;
    }

    @HotPath
    private static @Nullable String contentLength(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        long length = 0;
        for (int i = from; i < to; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9 || i - from > 15) {
                return "Content-Length is not a number below 10^16";
            }
            length = length * 10 + digit;
        }
        if (from == to) {
            return "Content-Length is empty";
        }
        if (request.contentLength >= 0 && request.contentLength != length) {
            return "two different Content-Length";
        }
        request.contentLength = length;
        return null;
    }

    @HotPath
    private static @Nullable String contentType(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.contentType(in, from, to - from);
        return null;
    }

    private static @Nullable String transferEncoding(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        if (request.chunked || !text(in, from, to).equalsIgnoreCase("chunked")) {
            return "Transfer-Encoding is not chunked";
        }
        request.chunked = true;
        return null;
    }

    private static @Nullable String expect(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.expectContinue = text(in, from, to).equalsIgnoreCase("100-continue");
        return request.expectContinue ? null : "Expect is not 100-continue";
    }

    private static @Nullable String connection(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        if (text(in, from, to).toLowerCase(Locale.ROOT).contains("close")) {
            request.keepAlive = false;
        }
        return null;
    }

    private static @Nullable String errorType(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.errorType = text(in, from, to);
        return null;
    }

    private static @Nullable String responseMode(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.responseMode = text(in, from, to);
        return null;
    }

    private static @Nullable String extensionName(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.extensionName = text(in, from, to);
        return null;
    }

    private static @Nullable String extensionId(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.extensionId = text(in, from, to);
        return null;
    }

    private static @Nullable String extensionFeature(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.extensionFeature = text(in, from, to);
        return null;
    }

    private static @Nullable String extensionErrorType(ByteBuf in, int from, int to, RuntimeApiRequest request) {
        request.extensionErrorType = text(in, from, to);
        return null;
    }

    private static String text(ByteBuf in, int from, int to) {
        return in.toString(from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Compares without regard to case. */
    @HotPath
    private static boolean is(ByteBuf in, int start, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            int character = in.getByte(start + i);
            int folded = character >= 'A' && character <= 'Z' ? character | 0x20 : character;
            if (folded != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t';
    }

    private static boolean[] tokenCharacters() {
        boolean[] token = new boolean[128];
        for (char character = '0'; character <= 'z'; character++) {
            token[character] = Character.isLetterOrDigit(character);
        }
        for (char character : "!#$%&'*+-.^_`|~".toCharArray()) {
            token[character] = true;
        }
        return token;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
