package dev.thaw.scheduler.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query as a signature covers it: names and values decoded, as whoever serves the request reads them, encoded anew and
 * sorted.
 */
final class QueryText {
    /** Both encoded. */
    private record Pair(String name, String value) {}

    private final List<Pair> pairs = new ArrayList<>();

    QueryText(String query) {
        for (String part : query.split("&", -1)) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                pairs.add(new Pair(
                        UriText.encode(decode(name)),
                        equals < 0 ? "" : UriText.encode(decode(part.substring(equals + 1)))));
            }
        }
        pairs.sort(Comparator.comparing(Pair::name).thenComparing(Pair::value));
    }

    boolean has(String name) {
        return pairs.stream().anyMatch(pair -> pair.name.equals(name));
    }

    /** The only value of a name that needs no encoding, decoded; null where there is none, or several. */
    @Nullable
    String only(String name) {
        List<Pair> found = pairs.stream().filter(pair -> pair.name.equals(name)).toList();
        return found.size() == 1 ? new String(decode(found.getFirst().value), StandardCharsets.ISO_8859_1) : null;
    }

    /** Without one name, which may be null for none. */
    String canonical(@Nullable String left) {
        StringBuilder text = new StringBuilder();
        for (Pair pair : pairs) {
            if (!pair.name.equals(left)) {
                text.append(text.isEmpty() ? "" : "&")
                        .append(pair.name)
                        .append('=')
                        .append(pair.value);
            }
        }
        return text.toString();
    }

    /** A percent sign that begins no code stays. */
    private static byte[] decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int code = c == '%' && i + 2 < text.length() ? hex(text.charAt(i + 1), text.charAt(i + 2)) : -1;
            if (code >= 0) {
                bytes.write(code);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toByteArray();
    }

    private static int hex(char high, char low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : (first << 4) | second;
    }
}
