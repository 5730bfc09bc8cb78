package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads {@code METHOD target HTTP/1.x}: which call it is, for which invocation. Pure. */
final class RuntimeApiRequestLine {
    private static final byte[] BASE = ascii("/2018-06-01");
    private static final byte[] INVOCATION = ascii("/runtime/invocation/");
    private static final byte[] NEXT = ascii("next");
    private static final byte[] RESPONSE = ascii("/response");
    private static final byte[] ERROR = ascii("/error");
    private static final byte[] INIT_ERROR = ascii("/runtime/init/error");
    private static final byte[] RESTORE_NEXT = ascii("/runtime/restore/next");
    private static final byte[] RESTORE_ERROR = ascii("/runtime/restore/error");
    private static final byte[] EXTENSION_BASE = ascii("/2020-01-01/extension");
    private static final byte[] REGISTER = ascii("/register");
    private static final byte[] EVENT_NEXT = ascii("/event/next");
    private static final byte[] EXTENSION_INIT_ERROR = ascii("/init/error");
    private static final byte[] EXIT_ERROR = ascii("/exit/error");
    private static final byte[] TELEMETRY = ascii("/2022-07-01/telemetry");
    private static final byte[] LOGS = ascii("/2020-08-15/logs");
    private static final byte[] PING = ascii("/ping");
    private static final byte[] GET = ascii("GET");
    private static final byte[] POST = ascii("POST");
    private static final byte[] PUT = ascii("PUT");
    private static final byte[] HTTP_1 = ascii("HTTP/1.");

    private RuntimeApiRequestLine() {}

    /** Fills call, id and keep-alive of {@code request}. Returns what is wrong, or null. */
    @HotPath
    static @Nullable String parse(ByteBuf in, int start, int end, RuntimeApiRequest request) {
        int targetStart = in.indexOf(start, end, (byte) ' ') + 1;
        int targetEnd = targetStart > start + 1 ? in.indexOf(targetStart, end, (byte) ' ') : -1;
        if (targetEnd <= targetStart) {
            return "request line is not METHOD TARGET HTTP/1.x";
        }
        if (!RuntimeApiHeader.isToken(in, start, targetStart - 1)) {
            return "method is not a token";
        }
        int version = end - targetEnd == 9 && startsWith(in, targetEnd + 1, end, HTTP_1) ? in.getByte(end - 1) : -1;
        if (version != '1' && version != '0') {
            return "version is not HTTP/1.0 or HTTP/1.1";
        }
        // An HTTP/1.0 connection ends after its answer: such clients need "keep-alive" said to them, none needs it.
        request.keepAlive = version == '1';
        int query = in.indexOf(targetStart, targetEnd, (byte) '?');
        RuntimeApiCall known = route(in, targetStart, query < 0 ? targetEnd : query, request);
        request.call = withMethod(in, start, targetStart - 1, known);
        return null;
    }

    @HotPath
    private static RuntimeApiCall route(ByteBuf in, int start, int end, RuntimeApiRequest request) {
        int path = startsWith(in, start, end, BASE) ? start + BASE.length : start;
        if (path > start) {
            if (startsWith(in, path, end, INVOCATION)) {
                return routeInvocation(in, path + INVOCATION.length, end, request);
            }
            if (is(in, path, end, INIT_ERROR)) {
                return RuntimeApiCall.INIT_ERROR;
            }
            if (is(in, path, end, RESTORE_NEXT)) {
                return RuntimeApiCall.RESTORE_NEXT;
            }
            if (is(in, path, end, RESTORE_ERROR)) {
                return RuntimeApiCall.RESTORE_ERROR;
            }
        }
        if (startsWith(in, start, end, EXTENSION_BASE)) {
            return routeExtension(in, start + EXTENSION_BASE.length, end);
        }
        return is(in, path, end, PING) ? RuntimeApiCall.PING : routeTelemetry(in, start, end);
    }

    /** Documents show these two with a slash at their end, clients send none. */
    private static RuntimeApiCall routeTelemetry(ByteBuf in, int start, int end) {
        int last = end > start && in.getByte(end - 1) == '/' ? end - 1 : end;
        if (is(in, start, last, TELEMETRY)) {
            return RuntimeApiCall.TELEMETRY_SUBSCRIBE;
        }
        return is(in, start, last, LOGS) ? RuntimeApiCall.LOGS_SUBSCRIBE : RuntimeApiCall.UNKNOWN;
    }

    private static RuntimeApiCall routeExtension(ByteBuf in, int start, int end) {
        if (is(in, start, end, EVENT_NEXT)) {
            return RuntimeApiCall.EXTENSION_NEXT;
        }
        if (is(in, start, end, REGISTER)) {
            return RuntimeApiCall.EXTENSION_REGISTER;
        }
        if (is(in, start, end, EXTENSION_INIT_ERROR)) {
            return RuntimeApiCall.EXTENSION_INIT_ERROR;
        }
        return is(in, start, end, EXIT_ERROR) ? RuntimeApiCall.EXTENSION_EXIT_ERROR : RuntimeApiCall.UNKNOWN;
    }

    @HotPath
    private static RuntimeApiCall routeInvocation(ByteBuf in, int start, int end, RuntimeApiRequest request) {
        if (is(in, start, end, NEXT)) {
            return RuntimeApiCall.NEXT;
        }
        int slash = in.indexOf(start, end, (byte) '/');
        if (slash <= start) {
            return RuntimeApiCall.UNKNOWN;
        }
        request.requestId(in, start, slash - start);
        if (is(in, slash, end, RESPONSE)) {
            return RuntimeApiCall.RESPONSE;
        }
        return is(in, slash, end, ERROR) ? RuntimeApiCall.ERROR : RuntimeApiCall.UNKNOWN;
    }

    @HotPath
    private static RuntimeApiCall withMethod(ByteBuf in, int start, int end, RuntimeApiCall call) {
        return switch (call) {
            case NEXT, RESTORE_NEXT, PING, EXTENSION_NEXT ->
                is(in, start, end, GET) ? call : RuntimeApiCall.WRONG_METHOD;
            case RESPONSE,
                    ERROR,
                    INIT_ERROR,
                    RESTORE_ERROR,
                    EXTENSION_REGISTER,
                    EXTENSION_INIT_ERROR,
                    EXTENSION_EXIT_ERROR -> is(in, start, end, POST) ? call : RuntimeApiCall.WRONG_METHOD;
            case TELEMETRY_SUBSCRIBE, LOGS_SUBSCRIBE -> is(in, start, end, PUT) ? call : RuntimeApiCall.WRONG_METHOD;
            case WRONG_METHOD, UNKNOWN -> call;
        };
    }

    @HotPath
    private static boolean is(ByteBuf in, int start, int end, byte[] expected) {
        return end - start == expected.length && startsWith(in, start, end, expected);
    }

    @HotPath
    private static boolean startsWith(ByteBuf in, int start, int end, byte[] expected) {
        if (end - start < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (in.getByte(start + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
