package dev.thaw.scheduler.auth;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that a signature covers, but for its body; every character is one byte as it was sent.
 *
 * @param path as sent, without query
 * @param query as sent, without question mark; empty where there is none
 * @param headers in the order in which they were sent
 */
public record RequestHead(String method, String path, String query, List<Map.Entry<String, String>> headers) {
    /** The values of one header, in any case, in their order. */
    List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The only value of a header; null where there is none, or several. */
    @Nullable
    String header(String name) {
        List<String> values = values(name);
        return values.size() == 1 ? values.getFirst() : null;
    }
}
