package dev.thaw.scheduler.events.source;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A filter's pattern, as EventBridge has them: a structure whose leaves are lists of rules, one of which must hold for the
 * value at that place; {@code "$or"} lists structures. Rules: a value itself, {@code prefix}, {@code suffix},
 * {@code equals-ignore-case}, {@code anything-but} (values or a prefix), {@code numeric}, {@code exists}.
 *
 * <p>Threading: immutable.
 */
final class EventPattern {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OR = "$or";

    private final JsonNode structure;

    private EventPattern(JsonNode structure) {
        this.structure = structure;
    }

    /** Throws {@link IllegalArgumentException}, which says why, where it is no pattern, or one that is not served. */
    static EventPattern parse(String text) {
        JsonNode structure;
        try {
            structure = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("must be JSON", e);
        }
        check(structure);
        return new EventPattern(structure);
    }

    boolean matches(JsonNode item) {
        return matches(structure, item);
    }

    private static void check(@Nullable JsonNode structure) {
        if (structure == null || !structure.isObject() || structure.isEmpty()) {
            throw new IllegalArgumentException("must be a structure with members");
        }
        for (Map.Entry<String, JsonNode> member : structure.properties()) {
            JsonNode value = member.getValue();
            if (member.getKey().equals(OR) && value.isArray()) {
                value.forEach(EventPattern::check);
            } else if (value.isArray() && !value.isEmpty()) {
                value.forEach(EventPattern::checkRule);
            } else {
                check(value);
            }
        }
    }

    private static void checkRule(JsonNode rule) {
        if (rule.isArray()) {
            throw new IllegalArgumentException(rule + " is no rule");
        }
        if (rule.isObject()) {
            if (rule.size() != 1) {
                throw new IllegalArgumentException(rule + " must have one member");
            }
            holds(rule, JSON.missingNode()); // a rule that is not served says so
        }
    }

    private static boolean matches(JsonNode structure, JsonNode item) {
        for (Map.Entry<String, JsonNode> member : structure.properties()) {
            JsonNode wanted = member.getValue();
            boolean fits;
            if (member.getKey().equals(OR) && wanted.isArray()) {
                fits = any(wanted, each -> matches(each, item));
            } else {
                JsonNode found = item.path(member.getKey());
                fits = wanted.isArray() ? anyHolds(wanted, found) : found.isObject() && matches(wanted, found);
            }
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Of a list in the item one value is enough. */
    private static boolean anyHolds(JsonNode rules, JsonNode found) {
        if (found.isArray() && !found.isEmpty()) {
            return any(found, value -> any(rules, rule -> holds(rule, value)));
        }
        return any(rules, rule -> holds(rule, found));
    }

    private static boolean any(JsonNode list, Predicate<JsonNode> test) {
        for (JsonNode each : list) {
            if (test.test(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(JsonNode rule, JsonNode value) {
        if (!rule.isObject()) {
            return same(rule, value);
        }
        Map.Entry<String, JsonNode> only = rule.properties().iterator().next();
        JsonNode wanted = only.getValue();
        return switch (only.getKey()) {
            case "prefix" -> textOf(value).startsWith(text(wanted)) && value.isString();
            case "suffix" -> textOf(value).endsWith(text(wanted)) && value.isString();
            case "equals-ignore-case" -> textOf(value).equalsIgnoreCase(text(wanted)) && value.isString();
            case "anything-but" -> !excluded(wanted, value) && !value.isMissingNode();
            case "exists" -> flag(wanted) != value.isMissingNode();
            case "numeric" -> numeric(wanted, value);
            default -> throw new IllegalArgumentException("rule " + only.getKey() + " is not served");
        };
    }

    private static boolean excluded(JsonNode wanted, JsonNode value) {
        if (wanted.isObject()) {
            return holds(wanted, value);
        }
        return wanted.isArray() ? any(wanted, each -> same(each, value)) : same(wanted, value);
    }

    private static boolean same(JsonNode wanted, JsonNode value) {
        return (wanted.isNumber() && value.isNumber())
                ? wanted.decimalValue().compareTo(value.decimalValue()) == 0
                : wanted.equals(value);
    }

    /** Pairs of operator and bound: {@code [">", 0, "<=", 5]}. */
    private static boolean numeric(JsonNode bounds, JsonNode value) {
        if (!bounds.isArray() || bounds.isEmpty() || bounds.size() % 2 != 0) {
            throw new IllegalArgumentException("numeric must have pairs of operator and number");
        }
        List<Boolean> held = new ArrayList<>();
        for (int i = 0; i < bounds.size(); i += 2) {
            JsonNode bound = bounds.get(i + 1);
            if (bound == null || !bound.isNumber()) {
                throw new IllegalArgumentException("numeric: " + bound + ", must be a number");
            }
            String operator = text(bounds.path(i));
            held.add(compares(operator, value.isNumber() ? value.decimalValue() : null, bound.decimalValue()));
        }
        return !held.contains(false);
    }

    private static boolean compares(String operator, @Nullable BigDecimal value, BigDecimal bound) {
        int order = value == null ? 0 : value.compareTo(bound);
        boolean holds = switch (operator) {
            case "=" -> order == 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw new IllegalArgumentException("numeric: " + operator + " is no operator");
        };
        return value != null && holds;
    }

    private static String textOf(JsonNode value) {
        return value.isString() ? value.stringValue() : "";
    }

    private static boolean flag(JsonNode node) {
        if (!node.isBoolean()) {
            throw new IllegalArgumentException(node + ", must be true or false");
        }
        return node.booleanValue();
    }

    private static String text(JsonNode node) {
        if (!node.isString()) {
            throw new IllegalArgumentException(node + ", must be text");
        }
        return node.stringValue();
    }
}
