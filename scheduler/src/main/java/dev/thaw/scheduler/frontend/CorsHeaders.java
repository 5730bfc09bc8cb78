package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.control.url.Cors;
import dev.thaw.scheduler.control.url.FunctionUrl;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a function URL's answers say to browsers of other origins. The URL's configuration takes the place of what the
 * function says. Pure.
 */
final class CorsHeaders {
    private static final String ANY = "*";
    private static final String PREFIX = "access-control-";

    private CorsHeaders() {}

    /** Answers a preflight request; what is not allowed is not mentioned, and the browser keeps it back. */
    static UrlResponse preflight(UrlCall call) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        Cors cors = call.url().cors();
        if (cors != null && addOrigin(headers, cors, call.origin())) {
            boolean echo = Boolean.TRUE.equals(cors.allowCredentials());
            add(headers, "access-control-allow-methods", cors.allowMethods(), echo ? wantedMethod(call) : null);
            add(headers, "access-control-allow-headers", cors.allowHeaders(), echo ? wantedHeaders(call) : null);
            if (cors.maxAge() != null) {
                headers.add(Map.entry("access-control-max-age", cors.maxAge().toString()));
            }
        }
        headers.add(Map.entry("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
        return new UrlResponse(200, headers, List.of(), new byte[0]);
    }

    /** The response as a browser is to see it. */
    static UrlResponse applied(UrlResponse response, FunctionUrl url, @Nullable String origin) {
        Cors cors = url.cors();
        if (cors == null) {
            return response;
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : response.headers()) {
            if (!header.getKey().toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        if (addOrigin(headers, cors, origin)) {
            add(headers, "access-control-expose-headers", cors.exposeHeaders(), null);
        }
        headers.add(Map.entry("vary", "Origin"));
        return new UrlResponse(response.status(), headers, response.cookies(), response.body());
    }

    /** False where that origin has no leave. */
    private static boolean addOrigin(List<Map.Entry<String, String>> headers, Cors cors, @Nullable String origin) {
        List<String> allowed = cors.allowOrigins();
        if (origin == null || allowed == null || !(allowed.contains(ANY) || allowed.contains(origin))) {
            return false;
        }
        boolean credentials = Boolean.TRUE.equals(cors.allowCredentials());
        headers.add(Map.entry("access-control-allow-origin", allowed.contains(ANY) && !credentials ? ANY : origin));
        if (credentials) {
            headers.add(Map.entry("access-control-allow-credentials", "true"));
        }
        return true;
    }

    /** {@code wanted} takes the place of a wildcard, which means nothing where there are credentials. */
    private static void add(
            List<Map.Entry<String, String>> headers,
            String name,
            @Nullable List<String> values,
            @Nullable String wanted) {
        if (values != null && !values.isEmpty()) {
            headers.add(Map.entry(name, wanted != null && values.contains(ANY) ? wanted : String.join(",", values)));
        }
    }

    private static @Nullable String wantedMethod(UrlCall call) {
        return call.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private static @Nullable String wantedHeaders(UrlCall call) {
        return call.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
    }
}
