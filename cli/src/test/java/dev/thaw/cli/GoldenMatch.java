package dev.thaw.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares answers with recorded ones, whose values that change from call to call are masked: {@code <uuid:1>} stands for
 * any text, and for the same one wherever it is named again in the same scenario.
 */
final class GoldenMatch {
    private static final Pattern MASK = Pattern.compile("<[^<>]+>");
    private static final Map<String, String> FIXED = Map.of("<partition>", "aws", "<region>", "us-east-1");
    private static final String RECORDED_ACCOUNT = "111111111111";
    private static final String ACCOUNT = "000000000000";

    private final Map<String, String> meanings = new HashMap<>();

    /** Members whose values are the host's: any text will do. */
    private final List<String> free;

    GoldenMatch(List<String> free) {
        this.free = free;
    }

    /** An answer as the recording client shows it: what was sent, the status, and the error where it is one. */
    static JsonNode view(Answer answer) {
        ObjectNode view = ServiceModel.JSON.createObjectNode();
        JsonNode body = answer.json();
        if (answer.status() >= 300) {
            String message = body.path("message").asString(body.path("Message").asString(null));
            view.putObject("Error").put("Code", answer.errorType()).put("Message", message);
            // Clients show members of errors that the model knows; of others they show code and message alone.
            boolean modelled = !List.of(
                            "ValidationException", "RequestEntityTooLargeException", "AccessDeniedException")
                    .contains(answer.errorType());
            if (modelled) {
                view.setAll((ObjectNode) body);
            }
        } else if (body instanceof ObjectNode object) {
            view.setAll(object);
        }
        return view;
    }

    /** Differences of an answer from the recorded one, each with its place. */
    List<String> differences(JsonNode recorded, Answer answer) {
        List<String> differences = new ArrayList<>();
        int status = recorded.at("/ResponseMetadata/HTTPStatusCode").asInt(answer.status());
        if (status != answer.status()) {
            differences.add("status: " + answer.status() + ", recorded " + status);
        }
        JsonNode expected = recorded.deepCopy();
        if (expected instanceof ObjectNode object) {
            object.remove("ResponseMetadata");
        }
        compare("", expected, view(answer), differences);
        return differences;
    }

    private void compare(String at, JsonNode recorded, JsonNode actual, List<String> differences) {
        JsonNode value = recorded.isObject() && actual.isString() ? parsed(actual.stringValue()) : actual;
        if (recorded instanceof ObjectNode object && value instanceof ObjectNode other) {
            compareMembers(at, object, other, differences);
        } else if (recorded instanceof ArrayNode array && value instanceof ArrayNode other) {
            compareElements(at, array, other, differences);
        } else if (!equal(at, recorded, value)) {
            differences.add(at + ": " + value + ", recorded " + recorded);
        }
    }

    private static JsonNode parsed(String text) {
        return ServiceModel.JSON.readTree(text);
    }

    private void compareMembers(String at, ObjectNode recorded, ObjectNode actual, List<String> differences) {
        TreeSet<String> names = new TreeSet<>(recorded.propertyNames());
        names.addAll(actual.propertyNames());
        for (String name : names) {
            String path = at + "/" + name;
            JsonNode expected = recorded.get(name);
            JsonNode value = actual.get(name);
            if (expected == null) {
                differences.add(path + ": " + value + ", not recorded");
            } else if (value == null) {
                differences.add(path + ": missing, recorded " + expected);
            } else {
                compare(path, expected, value, differences);
            }
        }
    }

    private void compareElements(String at, ArrayNode recorded, ArrayNode actual, List<String> differences) {
        if (recorded.size() != actual.size()) {
            differences.add(at + ": " + actual.size() + " elements, recorded " + recorded.size());
            return;
        }
        for (int i = 0; i < recorded.size(); i++) {
            compare(at + "/" + i, recorded.get(i), actual.get(i), differences);
        }
    }

    private boolean equal(String at, JsonNode recorded, JsonNode actual) {
        if (free.contains(at.substring(at.lastIndexOf('/') + 1))) {
            return true;
        }
        if (!recorded.isString()) {
            return recorded.equals(actual);
        }
        String text = recorded.stringValue();
        boolean masked = text.equals("date")
                || text.equals("datetime")
                || text.equals("lambda-url")
                || text.matches("<(code-size|total-code-size)>");
        return masked || (actual.isString() && matches(text, actual.stringValue()));
    }

    /** The text of a recording with masks, each bound to what it first stood for. */
    private boolean matches(String recorded, String actual) {
        StringBuilder pattern = new StringBuilder();
        List<String> masks = new ArrayList<>();
        Matcher mask = MASK.matcher(recorded.replace(RECORDED_ACCOUNT, ACCOUNT));
        String text = recorded.replace(RECORDED_ACCOUNT, ACCOUNT);
        int end = 0;
        while (mask.find()) {
            pattern.append(Pattern.quote(text.substring(end, mask.start())));
            String known = FIXED.getOrDefault(mask.group(), meanings.get(mask.group()));
            pattern.append(known == null ? "(.+?)" : "(" + Pattern.quote(known) + ")");
            masks.add(mask.group());
            end = mask.end();
        }
        pattern.append(Pattern.quote(text.substring(end)));
        Matcher found = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(actual);
        if (!found.matches()) {
            return false;
        }
        for (int i = 0; i < masks.size(); i++) {
            if (masks.get(i).contains(":")) {
                meanings.putIfAbsent(masks.get(i), found.group(i + 1));
            }
        }
        return true;
    }

    /** One answer of the management API. */
    record Answer(int status, String errorType, String text) {
        JsonNode json() {
            return text.isEmpty() ? ServiceModel.JSON.createObjectNode() : ServiceModel.JSON.readTree(text);
        }
    }
}
