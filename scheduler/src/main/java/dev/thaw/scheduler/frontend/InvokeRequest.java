package dev.thaw.scheduler.frontend;

import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.live.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of an Invoke request into its exchange (contract.md section 18, wire.md W4).
 *
 * <p>A Content-Type that is not JSON is refused with 415 unless the function is
 * called by the emulator's name, whose usual client is {@code curl -d}.
 */
final class InvokeRequest {
    /** 6 MB of request (contract.md section 18). */
    static final int MAX_PAYLOAD_BYTES = 6_291_456;
    /** Of the header as sent, base64. */
    static final int MAX_CLIENT_CONTEXT_BYTES = 3_583;

    private static final int MAX_TRACE_ID_LENGTH = 512;
    private static final AsciiString INVOCATION_TYPE = AsciiString.cached("x-amz-invocation-type");
    private static final AsciiString LOG_TYPE = AsciiString.cached("x-amz-log-type");
    private static final AsciiString CLIENT_CONTEXT = AsciiString.cached("x-amz-client-context");
    private static final AsciiString TRACE_ID = AsciiString.cached("x-amzn-trace-id");
    private static final AsciiString RECORD = AsciiString.cached(ServerRecord.HEADER);

    private InvokeRequest() {}

    /** As sent; null means {@code RequestResponse}. */
    static @Nullable String type(HttpHeaders headers) {
        return headers.get(INVOCATION_TYPE);
    }

    static boolean isDryRun(@Nullable String type) {
        return "DryRun".equals(type);
    }

    static boolean isEvent(@Nullable String type) {
        return "Event".equals(type);
    }

    /** The client's trace id where it may be passed on, or null. */
    static @Nullable String traceId(HttpHeaders headers) {
        String traceId = headers.get(TRACE_ID);
        return traceId != null && traceId.length() <= MAX_TRACE_ID_LENGTH && isPrintable(traceId) ? traceId : null;
    }

    /** Fills the exchange; returns the fault to answer with, or null. */
    static @Nullable Fault read(HttpHeaders headers, Exchange exchange, boolean emulated) {
        Fault fault = readTypes(headers, exchange);
        if (fault == null && !emulated) {
            fault = checkContentType(headers.get(HttpHeaderNames.CONTENT_TYPE));
        }
        if (fault == null) {
            fault = readClientContext(headers.get(CLIENT_CONTEXT), exchange);
        }
        exchange.recordWanted = "1".equals(headers.get(RECORD));
        return fault;
    }

    private static @Nullable Fault readTypes(HttpHeaders headers, Exchange exchange) {
        String type = type(headers);
        boolean streamed = exchange.stream != null;
        if (type != null && !type.equals("RequestResponse") && !isDryRun(type) && (streamed || !isEvent(type))) {
            return Fault.validation(
                    type,
                    "invocationType",
                    streamed
                            ? "Member must satisfy enum value set: [RequestResponse, DryRun]"
                            : "Member must satisfy enum value set: [Event, RequestResponse, DryRun]");
        }
        String logType = headers.get(LOG_TYPE);
        exchange.logTail = "Tail".equals(logType);
        return logType == null || exchange.logTail || logType.equals("None")
                ? null
                : Fault.validation(logType, "logType", "Member must satisfy enum value set: [None, Tail]");
    }

    private static @Nullable Fault checkContentType(@Nullable String contentType) {
        return contentType == null || isJson(contentType) ? null : Fault.unsupportedMediaType(contentType);
    }

    private static boolean isJson(String contentType) {
        if (contentType.equals("application/json")) {
            return true;
        }
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.endsWith("+json") || type.startsWith("application/x-amz-json-");
    }

    private static @Nullable Fault readClientContext(@Nullable String encoded, Exchange exchange) {
        if (encoded == null) {
            return null;
        }
        if (encoded.length() > MAX_CLIENT_CONTEXT_BYTES) {
            return Fault.invalidContent("Client context is " + encoded.length() + " bytes, must be at most "
                    + MAX_CLIENT_CONTEXT_BYTES + " bytes of base64");
        }
        try {
            String context = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            exchange.clientContext = context;
            return isOneLine(context) ? null : notBase64Json();
        } catch (IllegalArgumentException e) {
            return notBase64Json();
        }
    }

    private static Fault notBase64Json() {
        return Fault.invalidContent("Client context must be a valid Base64-encoded JSON object.");
    }

    /** It becomes a header of the Runtime API: no byte of it may end a line. */
    private static boolean isOneLine(String text) {
        String stripped = text.strip();
        return stripped.startsWith("{")
                && stripped.endsWith("}")
                && text.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
