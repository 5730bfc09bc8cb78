package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.auth.Knock;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.live.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Words a request by a function URL as an event of payload format 2.0 (contract.md section 18, "Function-URL payload").
 * Pure.
 */
final class UrlEvent {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final String DEFAULT = "$default";
    private static final String ANONYMOUS = "anonymous";
    private static final String ACCOUNT = FunctionRegistry.ARN_PREFIX.split(":", -1)[4];

    private UrlEvent() {}

    /** {@code sender} is null where nobody had to sign. */
    static byte[] of(UrlCall call, Exchange exchange, byte[] body, @Nullable Knock sender, long nowEpochMs) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "2.0");
        event.put("routeKey", DEFAULT);
        event.put("rawPath", call.target().path());
        event.put("rawQueryString", call.query());
        addCookies(event, call);
        addHeaders(event.putObject("headers"), call, exchange.traceId);
        addQuery(event, call.query());
        addContext(event.putObject("requestContext"), call, exchange.requestId, sender, nowEpochMs);
        String text = isText(call.headers().get(HttpHeaderNames.CONTENT_TYPE)) ? text(body) : null;
        if (body.length > 0) {
            event.put("body", text == null ? Base64.getEncoder().encodeToString(body) : text);
        }
        event.put("isBase64Encoded", body.length > 0 && text == null);
        return JSON.writeValueAsBytes(event);
    }

    private static void addCookies(ObjectNode event, UrlCall call) {
        ArrayNode cookies = JSON.createArrayNode();
        for (String header : call.headers().getAll(HttpHeaderNames.COOKIE)) {
            for (String cookie : header.split(";", -1)) {
                if (!cookie.isBlank()) {
                    cookies.add(cookie.strip());
                }
            }
        }
        if (!cookies.isEmpty()) {
            event.set("cookies", cookies);
        }
    }

    /** In lower case, several of a name joined by commas; cookies have their own place. */
    private static void addHeaders(ObjectNode headers, UrlCall call, String traceId) {
        Map<String, String> all = new TreeMap<>();
        call.headers().iteratorAsString().forEachRemaining(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!name.equals("cookie") && !name.equals("connection") && !name.equals("transfer-encoding")) {
                all.merge(name, header.getValue(), (first, more) -> first + "," + more);
            }
        });
        all.put("x-amzn-trace-id", traceId);
        all.put("x-forwarded-for", call.sourceIp());
        all.put("x-forwarded-port", call.port());
        all.put("x-forwarded-proto", "http");
        all.forEach(headers::put);
    }

    private static void addQuery(ObjectNode event, String query) {
        if (query.isEmpty()) {
            return;
        }
        ObjectNode parameters = event.putObject("queryStringParameters");
        try {
            QueryParameters.of(query).forEach((name, values) -> parameters.put(name, String.join(",", values)));
        } catch (IllegalArgumentException e) {
            event.remove("queryStringParameters"); // not percent-encoded text: the raw query still has it
        }
    }

    private static void addContext(
            ObjectNode context, UrlCall call, String requestId, @Nullable Knock sender, long nowEpochMs) {
        context.put("accountId", sender == null ? ANONYMOUS : ACCOUNT);
        context.put("apiId", call.url().id());
        if (sender != null) {
            addSender(context.putObject("authorizer").putObject("iam"), sender);
        }
        context.put("domainName", call.target().domain());
        context.put("domainPrefix", call.url().id());
        ObjectNode http = context.putObject("http");
        http.put("method", call.method());
        http.put("path", call.target().path());
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", call.sourceIp());
        String agent = call.headers().get(HttpHeaderNames.USER_AGENT);
        http.put("userAgent", agent == null ? "" : agent);
        context.put("requestId", requestId);
        context.put("routeKey", DEFAULT);
        context.put("stage", DEFAULT);
        context.put("time", TIME.format(Instant.ofEpochMilli(nowEpochMs)));
        context.put("timeEpoch", nowEpochMs);
    }

    private static void addSender(ObjectNode iam, Knock sender) {
        iam.put("accessKey", sender.accessKeyId());
        iam.put("accountId", ACCOUNT);
        iam.put("callerId", sender.accessKeyId());
        iam.putNull("cognitoIdentity");
        iam.putNull("principalOrgId");
        iam.put("userArn", sender.principal());
        iam.put("userId", sender.accessKeyId());
    }

    /** What a function gets as text; everything else, unknown types included, it gets in base64. */
    private static boolean isText(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.startsWith("text/")
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || List.of("application/json", "application/xml", "application/javascript")
                        .contains(type);
    }

    /** Null where the bytes are no UTF-8. */
    private static @Nullable String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
