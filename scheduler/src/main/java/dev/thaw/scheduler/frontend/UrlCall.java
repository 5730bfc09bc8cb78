package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.control.url.FunctionUrl;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * One request by a function URL: what its event and its answer need of it.
 *
 * @param target which URL, and the path behind it
 * @param query as sent, without question mark
 * @param sourceIp the client's address
 */
record UrlCall(FunctionUrl url, UrlTarget target, String method, String query, HttpHeaders headers, String sourceIp) {
    private static final AsciiString WANTED_METHOD = HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD;

    static UrlCall of(FunctionUrl url, UrlTarget target, HttpRequest request, @Nullable String query, String sourceIp) {
        return new UrlCall(
                url, target, request.method().name(), query == null ? "" : query, request.headers(), sourceIp);
    }

    /** Where the page comes from that sends it, or null. */
    @Nullable
    String origin() {
        return headers.get(HttpHeaderNames.ORIGIN);
    }

    /** The port that the client has asked. */
    String port() {
        String host = headers.get(HttpHeaderNames.HOST, "");
        String port = host.substring(host.lastIndexOf(':') + 1);
        return !port.isEmpty() && port.chars().allMatch(digit -> digit >= '0' && digit <= '9') ? port : "80";
    }

    /** A browser asks whether a page of another origin may send what it wants to. */
    boolean isPreflight() {
        return method.equals("OPTIONS") && url.cors() != null && origin() != null && headers.contains(WANTED_METHOD);
    }

    boolean isStreamed() {
        return url.invokeMode().equals(FunctionUrl.RESPONSE_STREAM);
    }

    /** An answer to it has no body. */
    boolean isHead() {
        return method.equals("HEAD");
    }
}
