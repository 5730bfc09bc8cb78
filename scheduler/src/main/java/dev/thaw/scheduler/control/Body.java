package dev.thaw.scheduler.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads members of a JSON structure by their names; what is absent or null reads as null, and what is of another type is
 * refused as the service refuses it.
 */
final class Body {
    private final JsonNode node;

    Body(JsonNode node) {
        this.node = node;
    }

    private @Nullable JsonNode member(String name) {
        JsonNode member = node.get(name);
        return member == null || member.isNull() ? null : member;
    }

    boolean has(String name) {
        return member(name) != null;
    }

    /** A list without members. */
    boolean isEmptyList(String name) {
        JsonNode member = member(name);
        return member != null && member.isArray() && member.isEmpty();
    }

    @Nullable
    String string(String name) {
        JsonNode member = member(name);
        return member == null ? null : string(name, member);
    }

    @Nullable
    Integer integer(String name) {
        JsonNode member = member(name);
        if (member == null) {
            return null;
        }
        if (!member.isNumber() || !member.canConvertToExactIntegral() || !member.canConvertToInt()) {
            throw wrongType(name, member, "an integer");
        }
        return member.intValue();
    }

    /** A member of type blob that the front end has decoded already; null where it is absent or still text. */
    byte @Nullable [] decoded(String name) {
        JsonNode member = member(name);
        return member != null && member.isBinary() ? member.binaryValue() : null;
    }

    @Nullable
    Double number(String name) {
        JsonNode member = member(name);
        if (member != null && !member.isNumber()) {
            throw wrongType(name, member, "a number");
        }
        return member == null ? null : member.doubleValue();
    }

    /** False where it is absent. */
    boolean flag(String name) {
        JsonNode member = member(name);
        if (member != null && !member.isBoolean()) {
            throw wrongType(name, member, "a boolean");
        }
        return member != null && member.booleanValue();
    }

    @Nullable
    Body structure(String name) {
        JsonNode member = member(name);
        if (member != null && !member.isObject()) {
            throw wrongType(name, member, "a structure");
        }
        return member == null ? null : new Body(member);
    }

    @Nullable
    List<Body> structures(String name) {
        JsonNode member = member(name);
        if (member == null) {
            return null;
        }
        List<Body> structures = new ArrayList<>();
        for (JsonNode each : member) {
            if (!each.isObject()) {
                throw wrongType(name, each, "a structure");
            }
            structures.add(new Body(each));
        }
        return structures;
    }

    @Nullable
    List<String> strings(String name) {
        JsonNode member = member(name);
        if (member == null) {
            return null;
        }
        if (!member.isArray()) {
            throw wrongType(name, member, "a list");
        }
        List<String> strings = new ArrayList<>();
        for (JsonNode each : member) {
            strings.add(string(name, each));
        }
        return strings;
    }

    @Nullable
    Map<String, String> map(String name) {
        Map<String, JsonNode> members = members(name);
        if (members == null) {
            return null;
        }
        Map<String, String> map = new LinkedHashMap<>();
        members.forEach((key, value) -> map.put(key, string(name, value)));
        return map;
    }

    @Nullable
    Map<String, Double> numbers(String name) {
        Map<String, JsonNode> members = members(name);
        if (members == null) {
            return null;
        }
        Map<String, Double> map = new LinkedHashMap<>();
        members.forEach((key, value) -> {
            if (!value.isNumber()) {
                throw wrongType(name, value, "a number");
            }
            map.put(key, value.doubleValue());
        });
        return map;
    }

    private @Nullable Map<String, JsonNode> members(String name) {
        JsonNode member = member(name);
        if (member == null) {
            return null;
        }
        if (!member.isObject()) {
            throw wrongType(name, member, "a map");
        }
        Map<String, JsonNode> members = new LinkedHashMap<>();
        member.properties().forEach(each -> members.put(each.getKey(), each.getValue()));
        return members;
    }

    private static String string(String name, JsonNode member) {
        if (!member.isString()) {
            throw wrongType(name, member, "a string");
        }
        return member.stringValue();
    }

    private static ServiceFault wrongType(String name, JsonNode member, String wanted) {
        return new ServiceFault(
                400, "SerializationException", name + ": " + member.getNodeType() + ", must be " + wanted);
    }
}
