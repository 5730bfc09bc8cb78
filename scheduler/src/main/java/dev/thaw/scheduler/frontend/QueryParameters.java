package dev.thaw.scheduler.frontend;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A query as the service and a signature read it: its parameters are parted by {@code &} and by nothing else. Semicolons,
 * question marks and number signs are text, so that none of them, sent in place of its code, changes what was signed.
 */
final class QueryParameters {
    private QueryParameters() {}

    /** Decoded, in their order; throws {@link IllegalArgumentException} where it is not percent-encoded text. */
    static Map<String, List<String>> of(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String part : query.split("&", -1)) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : part.substring(equals + 1);
                parameters
                        .computeIfAbsent(QueryStringDecoder.decodeComponent(name), each -> new ArrayList<>())
                        .add(QueryStringDecoder.decodeComponent(value));
            }
        }
        return parameters;
    }
}
