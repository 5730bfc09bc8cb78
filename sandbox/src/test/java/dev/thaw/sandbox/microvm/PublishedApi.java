package dev.thaw.sandbox.microvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/**
 * Firecracker's published API, read where it lies beside the project, and what of a request is not as it says: for what
 * that file makes use of, and stricter in one thing, since Firecracker refuses properties that it does not know.
 */
final class PublishedApi {
    private static final Path FILE = Path.of("../../shared/specs/firecracker.yaml");

    private final Map<String, Object> root;

    private PublishedApi(Map<String, Object> root) {
        this.root = root;
    }

    /** Null, and a printed line, where it is not there. */
    @SuppressWarnings("unchecked") // A YAML document of this kind is a map.
    static @Nullable PublishedApi readOrSay() {
        if (!Files.isReadable(FILE)) {
            System.out.println("skipped: requests are not checked against Firecracker's API: no " + FILE);
            return null;
        }
        try (var in = Files.newInputStream(FILE)) {
            return new PublishedApi(
                    (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is wrong with a request, a line each. */
    List<String> violations(String method, String path, JsonNode body) {
        List<String> found = new ArrayList<>();
        Map<String, Object> operation = operation(method, path);
        if (operation.isEmpty()) {
            found.add(method + " " + path + " is no operation");
            return found;
        }
        for (Object parameter : list(operation, "parameters")) {
            Map<String, Object> described = map(parameter);
            if ("body".equals(described.get("in"))) {
                check(map(described.get("schema")), body, path, found);
            }
        }
        return found;
    }

    private Map<String, Object> operation(String method, String path) {
        for (Map.Entry<String, Object> entry : map(root.get("paths")).entrySet()) {
            String pattern = entry.getKey().replaceAll("\\{[^}]+}", "[^/]+");
            if (path.matches(pattern)) {
                return map(map(entry.getValue()).get(method.toLowerCase(java.util.Locale.ROOT)));
            }
        }
        return Map.of();
    }

    private Map<String, Object> resolved(Map<String, Object> schema) {
        Object reference = schema.get("$ref");
        return reference == null
                ? schema
                : map(map(root.get("definitions")).get(reference.toString().replace("#/definitions/", "")));
    }

    private void check(Map<String, Object> referring, JsonNode value, String at, List<String> found) {
        Map<String, Object> schema = resolved(referring);
        String type = String.valueOf(schema.getOrDefault("type", "object"));
        if (!isOf(type, value)) {
            found.add(at + " is no " + type);
            return;
        }
        if (schema.containsKey("enum") && !list(schema, "enum").contains(value.asString())) {
            found.add(at + " is '" + value.asString() + "', none of " + schema.get("enum"));
        }
        checkBound(schema, "minimum", value, -1, at, found);
        checkBound(schema, "maximum", value, 1, at, found);
        if (value.isArray()) {
            value.forEach(item -> check(map(schema.get("items")), item, at + "[]", found));
        } else if (value.isObject()) {
            checkProperties(schema, value, at, found);
        }
    }

    private static void checkBound(
            Map<String, Object> schema, String key, JsonNode value, int sign, String at, List<String> found) {
        if (schema.get(key) instanceof Number bound
                && Long.signum(Long.compare(value.asLong(), bound.longValue())) == sign) {
            found.add(at + " is " + value.asLong() + ", its " + key + " is " + bound);
        }
    }

    private void checkProperties(Map<String, Object> schema, JsonNode value, String at, List<String> found) {
        Map<String, Object> properties = map(schema.get("properties"));
        for (Object required : list(schema, "required")) {
            if (!value.has(required.toString())) {
                found.add(at + " lacks " + required);
            }
        }
        for (Map.Entry<String, JsonNode> property : value.properties()) {
            Object described = properties.get(property.getKey());
            String where = at + "." + property.getKey();
            if (described != null) {
                check(map(described), property.getValue(), where, found);
            } else if (!Boolean.TRUE.equals(schema.get("additionalProperties"))) {
                found.add(where + " is unknown");
            }
        }
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> throw new IllegalStateException("type " + type + " in the API's file");
        };
    }

    @SuppressWarnings("unchecked") // Keys of this file are texts.
    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> found ? (Map<String, Object>) found : Map.of();
    }

    private static List<?> list(Map<String, Object> from, String key) {
        return from.get(key) instanceof List<?> found ? found : List.of();
    }
}
