package dev.thaw.scheduler.events.source;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the items that one of a mapping's patterns fits. What an item carries as text ({@code body} of a message,
 * {@code value} of a record) is read as JSON where it is a pattern's structure that asks for it.
 *
 * <p>Threading: immutable.
 */
final class ItemFilter {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> CARRIERS = List.of("body", "value", "data");

    private final List<EventPattern> patterns;

    private ItemFilter(List<EventPattern> patterns) {
        this.patterns = patterns;
    }

    /** Of patterns that were checked before; none lets everything pass. */
    static ItemFilter of(List<String> patterns) {
        return new ItemFilter(patterns.stream().map(EventPattern::parse).toList());
    }

    List<SourceItem> keep(List<SourceItem> items) {
        return patterns.isEmpty() ? items : items.stream().filter(this::fits).toList();
    }

    private boolean fits(SourceItem item) {
        JsonNode asText = JSON.readTree(item.json());
        JsonNode asJson = opened(asText);
        return patterns.stream().anyMatch(pattern -> pattern.matches(asJson) || pattern.matches(asText));
    }

    /** With what it carries as JSON. */
    private static JsonNode opened(JsonNode item) {
        if (!(item instanceof ObjectNode object)) {
            return item;
        }
        ObjectNode opened = object.deepCopy();
        for (String carrier : CARRIERS) {
            JsonNode carried = object.get(carrier);
            if (carried != null && carried.isString()) {
                try {
                    opened.set(carrier, JSON.readTree(carried.stringValue()));
                } catch (JacksonException e) {
                    opened.set(carrier, carried); // is text
                }
            }
        }
        return opened;
    }
}
