package dev.thaw.scheduler.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page of a list: {@code MaxItems} of it, from after {@code Marker} on. A marker holds the key of the last item
 * given, so that no item is given twice or left out where others come and go between two pages.
 *
 * @param nextMarker of the page that follows, or null where this is the last
 */
public record Paging<T>(List<T> items, @Nullable String nextMarker) {
    /** Of a list in the order of its keys; refuses a MaxItems outside 1..most. */
    public static <T> Paging<T> of(NavigableMap<String, T> all, OperationInput input, int most) {
        return of(all, input, most, most);
    }

    /** The same where more may be asked for than a page ever has. */
    public static <T> Paging<T> of(NavigableMap<String, T> all, OperationInput input, int most, int page) {
        int limit = Math.min(page, maxItems(input, most));
        String marker = input.query("Marker");
        NavigableMap<String, T> rest = marker == null || marker.isEmpty() ? all : after(marker, all);
        List<T> items = new ArrayList<>();
        String last = null;
        for (Map.Entry<String, T> entry : rest.entrySet()) {
            if (items.size() == limit) {
                return new Paging<>(items, encode(String.valueOf(last)));
            }
            items.add(entry.getValue());
            last = entry.getKey();
        }
        return new Paging<>(items, null);
    }

    /** An answer with these members of the page, and the marker of the next. */
    ObjectNode answer(String name, ArrayNode shown) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set(name, shown);
        if (nextMarker != null) {
            answer.put("NextMarker", nextMarker);
        }
        return answer;
    }

    private static int maxItems(OperationInput input, int most) {
        String text = input.query("MaxItems");
        if (text == null) {
            return most;
        }
        Checks checks = new Checks();
        int value = parse(text);
        checks.range(value, "maxItems", 1, most);
        checks.refuse();
        return value;
    }

    private static int parse(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ServiceFault(400, "SerializationException", "MaxItems: " + text + ", must be an integer");
        }
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /** What follows the marker's key; a key outside of what the list spans is another list's. */
    private static <T> NavigableMap<String, T> after(String marker, NavigableMap<String, T> all) {
        try {
            return all.tailMap(new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8), false);
        } catch (IllegalArgumentException e) {
            throw ServiceFault.invalidParameter("Marker " + marker + " is not one that a list has given.");
        }
    }
}
