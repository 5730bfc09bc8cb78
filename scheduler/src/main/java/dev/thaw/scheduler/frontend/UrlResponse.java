package dev.thaw.scheduler.frontend;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A function's response as HTTP: of payload format 2.0, or inferred where it has no {@code statusCode} (contract.md
 * section 18, "Function-URL payload"). Pure, immutable but for its bytes.
 */
final class UrlResponse {
    static final String JSON_TYPE = "application/json";
    /** What the runtime calls a response whose head comes first, in JSON and eight zero bytes. */
    static final String INTEGRATION_TYPE = "application/vnd.awslambda.http-integration-response";

    static final int SEPARATOR_BYTES = 8;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** Ours to say. */
    private static final Set<String> OURS =
            Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "trailer", "te");

    private static final String CONTENT_TYPE = "content-type";

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final List<String> cookies;
    private final byte[] body;

    /** {@code headers} in their order and valid as HTTP; {@code cookies} are values of {@code Set-Cookie}. */
    UrlResponse(int status, List<Map.Entry<String, String>> headers, List<String> cookies, byte[] body) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.cookies = List.copyOf(cookies);
        this.body = body;
    }

    int status() {
        return status;
    }

    List<Map.Entry<String, String>> headers() {
        return headers;
    }

    List<String> cookies() {
        return cookies;
    }

    byte[] body() {
        return body;
    }

    /** The function failed, or its response is none. */
    static UrlResponse badGateway() {
        return new UrlResponse(
                502,
                List.of(Map.entry(CONTENT_TYPE, JSON_TYPE)),
                List.of(),
                "Internal Server Error".getBytes(StandardCharsets.UTF_8));
    }

    /** Of a whole response. */
    static UrlResponse of(byte[] response) {
        int end = separatorIn(response);
        if (end >= 0) {
            UrlResponse head = head(new String(response, 0, end, StandardCharsets.UTF_8));
            int start = end + SEPARATOR_BYTES;
            byte[] body = Arrays.copyOfRange(response, start, response.length);
            return head == null ? badGateway() : new UrlResponse(head.status, head.headers, head.cookies, body);
        }
        JsonNode parsed = parse(new String(response, StandardCharsets.UTF_8));
        if (parsed == null) {
            return badGateway();
        }
        if (parsed.isObject() && parsed.has("statusCode")) {
            UrlResponse mapped = mapped(parsed);
            return mapped == null ? badGateway() : mapped;
        }
        byte[] body = parsed.isString() ? parsed.stringValue().getBytes(StandardCharsets.UTF_8) : response;
        return new UrlResponse(200, List.of(Map.entry(CONTENT_TYPE, JSON_TYPE)), List.of(), body);
    }

    /** Of what comes before the eight zero bytes; null where it is no head. */
    static @Nullable UrlResponse head(String prelude) {
        JsonNode parsed = parse(prelude);
        if (parsed == null || !parsed.isObject()) {
            return null;
        }
        Integer status = parsed.has("statusCode") ? status(parsed.path("statusCode")) : Integer.valueOf(200);
        return status == null ? null : mapped(status, parsed, new byte[0]);
    }

    /** Where the eight zero bytes begin; -1 where there are none, or nothing like a head before them. */
    private static int separatorIn(byte[] response) {
        if (response.length == 0 || response[0] != '{') {
            return -1;
        }
        int zeros = 0;
        for (int i = 0; i < response.length; i++) {
            zeros = response[i] == 0 ? zeros + 1 : 0;
            if (zeros == SEPARATOR_BYTES) {
                return i + 1 - SEPARATOR_BYTES;
            }
        }
        return -1;
    }

    private static @Nullable UrlResponse mapped(JsonNode response) {
        Integer status = status(response.path("statusCode"));
        byte[] body = body(response);
        return status == null || body == null ? null : mapped(status, response, body);
    }

    private static @Nullable UrlResponse mapped(int status, JsonNode response, byte[] body) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        boolean typed = false;
        for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = text(header.getValue());
            if (value == null || !isValid(header.getKey(), value)) {
                return null;
            }
            typed |= name.equals(CONTENT_TYPE);
            if (!OURS.contains(name)) {
                headers.add(Map.entry(header.getKey(), value));
            }
        }
        if (!typed) {
            headers.add(Map.entry(CONTENT_TYPE, JSON_TYPE));
        }
        List<String> cookies = new ArrayList<>();
        for (JsonNode cookie : response.path("cookies")) {
            String value = text(cookie);
            if (value == null || !isValid("set-cookie", value)) {
                return null;
            }
            cookies.add(value);
        }
        return new UrlResponse(status, headers, cookies, body);
    }

    /** A number, or one in a text, of a final response. */
    private static @Nullable Integer status(JsonNode value) {
        String text = value.isNumber() || value.isString() ? value.asString() : "";
        boolean number = text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int status = number ? Integer.parseInt(text) : 0;
        return status >= 200 && status <= 599 ? Integer.valueOf(status) : null;
    }

    private static byte @Nullable [] body(JsonNode response) {
        JsonNode body = response.path("body");
        if (body.isMissingNode() || body.isNull()) {
            return new byte[0];
        }
        String text = body.isString() ? body.stringValue() : body.toString();
        if (!response.path("isBase64Encoded").asBoolean(false)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue() : value.isNumber() || value.isBoolean() ? value.asString() : null;
    }

    private static boolean isValid(String name, String value) {
        return !name.isEmpty()
                && HttpHeaderValidationUtil.validateToken(name) < 0
                && HttpHeaderValidationUtil.validateValidHeaderValue(value) < 0;
    }

    private static @Nullable JsonNode parse(String text) {
        try {
            JsonNode parsed = JSON.readTree(text);
            return parsed.isMissingNode() ? null : parsed;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Neither the status nor the request allows a body. */
    boolean isBodyless() {
        return status == 204 || status == 304;
    }
}
