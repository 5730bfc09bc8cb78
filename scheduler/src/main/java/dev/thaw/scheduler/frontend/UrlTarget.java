package dev.thaw.scheduler.frontend;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The function URL that a request is for: by its host name, {@code <id>.lambda-url.<anything>}, or by its path,
 * {@code /_url/<id>/<rest>}.
 *
 * @param path what is left for the function, as sent
 * @param domain host name of the URL, without port
 */
record UrlTarget(String id, String path, String domain) {
    static final String PATH_PREFIX = "/_url/";
    private static final String HOST_LABEL = ".lambda-url.";

    /** Null where it is for none. */
    static @Nullable UrlTarget of(HttpHeaders headers, String path) {
        String host = headers.get(HttpHeaderNames.HOST);
        int label = host == null ? -1 : host.toLowerCase(Locale.ROOT).indexOf(HOST_LABEL);
        if (host != null && label > 0) {
            String domain = withoutPort(host);
            return new UrlTarget(host.substring(0, label).toLowerCase(Locale.ROOT), path, domain);
        }
        if (!path.startsWith(PATH_PREFIX)) {
            return null;
        }
        int end = path.indexOf('/', PATH_PREFIX.length());
        String id = path.substring(PATH_PREFIX.length(), end < 0 ? path.length() : end);
        return new UrlTarget(id, end < 0 ? "/" : path.substring(end), host == null ? "" : withoutPort(host));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
    }
}
