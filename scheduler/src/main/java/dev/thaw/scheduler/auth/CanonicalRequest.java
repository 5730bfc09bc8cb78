package dev.thaw.scheduler.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what is signed, the same way on both sides (AWS Signature Version 4, "Create a canonical request"). */
final class CanonicalRequest {
    private CanonicalRequest() {}

    /** {@code bodyHash}: SHA-256 in hex; {@code unsigned}: the parameter of the query that holds the signature. */
    static String of(
            RequestHead head, QueryText query, List<String> signedHeaders, @Nullable String unsigned, String bodyHash) {
        StringBuilder text = new StringBuilder(512);
        text.append(head.method()).append('\n');
        text.append(UriText.encodePath(head.path())).append('\n');
        text.append(query.canonical(unsigned)).append('\n');
        for (String name : signedHeaders) {
            text.append(name).append(':').append(value(head, name)).append('\n');
        }
        text.append('\n').append(String.join(";", signedHeaders)).append('\n');
        return text.append(bodyHash).toString();
    }

    private static String value(RequestHead head, String name) {
        return String.join(
                ",", head.values(name).stream().map(CanonicalRequest::tidy).toList());
    }

    private static String tidy(String value) {
        return value.strip().replaceAll("\\s+", " ");
    }
}
