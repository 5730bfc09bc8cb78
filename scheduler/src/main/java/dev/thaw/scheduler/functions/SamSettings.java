package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.TemplateFunction.Setting;
import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Properties of a function that are operations of the management API: taken over as JSON, with their place. Their keys
 * are checked here, their values by the operations.
 */
final class SamSettings {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, Set<String>> KEYS = Map.ofEntries(
            Map.entry("Description", Set.of()),
            Map.entry("Role", Set.of()),
            Map.entry("Tags", Set.of()),
            Map.entry("Tracing", Set.of()),
            Map.entry("AutoPublishAlias", Set.of()),
            Map.entry("VersionDescription", Set.of()),
            Map.entry("SnapStart", Set.of("ApplyOn")),
            Map.entry("DeadLetterQueue", Set.of("Type", "TargetArn")),
            Map.entry(
                    "EventInvokeConfig",
                    Set.of("MaximumEventAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig")),
            Map.entry("ProvisionedConcurrencyConfig", Set.of("ProvisionedConcurrentExecutions")),
            Map.entry("FunctionUrlConfig", Set.of("AuthType", "Cors", "InvokeMode")),
            Map.entry("Events", Set.of()));
    private static final Set<String> EVENT_TYPES = Set.of(
            "AlexaSkill",
            "Api",
            "CloudWatchEvent",
            "CloudWatchLogs",
            "Cognito",
            "DocumentDB",
            "DynamoDB",
            "EventBridgeRule",
            "HttpApi",
            "IoTRule",
            "Kinesis",
            "MQ",
            "MSK",
            "S3",
            "SNS",
            "SQS",
            "Schedule",
            "ScheduleV2",
            "SelfManagedKafka");

    private final TemplateNodes nodes;
    private final Map<String, Setting> settings = new HashMap<>();

    SamSettings(TemplateNodes nodes) {
        this.nodes = nodes;
    }

    static boolean has(String key) {
        return KEYS.containsKey(key);
    }

    /** The function's own property overrides the one of the globals, key by key. */
    void read(Entry property) {
        Node value = property.value();
        Set<String> keys = KEYS.getOrDefault(property.key(), Set.of());
        JsonNode json;
        if (property.key().equals("Events")) {
            json = events(value);
        } else if (property.key().equals("Tags")) {
            json = tags(value);
        } else if (keys.isEmpty()) {
            json = JSON.stringNode(nodes.string(property.key(), value));
        } else {
            json = object(property.key(), value, keys);
        }
        settings.merge(property.key(), new Setting(nodes.placeOf(property.keyNode()), json), SamSettings::override);
    }

    Map<String, Setting> read() {
        return settings;
    }

    private static Setting override(Setting global, Setting own) {
        if (global.value() instanceof ObjectNode all && own.value() instanceof ObjectNode more) {
            return new Setting(own.at(), all.deepCopy().setAll(more));
        }
        return own;
    }

    private ObjectNode events(Node node) {
        ObjectNode events = JSON.objectNode();
        for (Entry event : nodes.mapping("Events", node).values()) {
            String key = "Events." + event.key();
            ObjectNode json = object(key, event.value(), Set.of("Type", "Properties"));
            String type = json.path("Type").asString("");
            nodes.check(
                    event.value(),
                    key + ".Type",
                    type,
                    EVENT_TYPES.contains(type) ? null : "is no type that SAM knows");
            events.set(event.key(), json);
        }
        return events;
    }

    private ObjectNode tags(Node node) {
        ObjectNode tags = JSON.objectNode();
        nodes.mapping("Tags", node).forEach((key, tag) -> tags.put(key, nodes.string("Tags." + key, tag.value())));
        return tags;
    }

    private ObjectNode object(String key, Node node, Set<String> keys) {
        ObjectNode object = JSON.objectNode();
        for (Entry entry : nodes.mapping(key, node).values()) {
            if (!keys.contains(entry.key())) {
                throw nodes.refusal(
                        entry.keyNode(),
                        key,
                        entry.key(),
                        "must be " + String.join(", ", keys.stream().sorted().toList()));
            }
            object.set(entry.key(), json(key + "." + entry.key(), entry.value()));
        }
        return object;
    }

    private JsonNode json(String key, Node node) {
        if (Intrinsic.of(node) != null) {
            return typed(nodes.string(key, node));
        }
        return switch (node) {
            case MappingNode _ -> {
                ObjectNode object = JSON.objectNode();
                nodes.mapping(key, node)
                        .forEach((name, entry) -> object.set(name, json(key + "." + name, entry.value())));
                yield object;
            }
            case SequenceNode sequence -> array(key, sequence.getValue());
            case ScalarNode scalar ->
                scalar.getTag().equals(Tag.STR) ? JSON.stringNode(scalar.getValue()) : typed(scalar.getValue());
            default -> throw nodes.refusal(node, key, TemplateNodes.show(node), "must be a value");
        };
    }

    private ArrayNode array(String key, List<Node> elements) {
        ArrayNode array = JSON.arrayNode();
        elements.forEach(element -> array.add(json(key, element)));
        return array;
    }

    /** A plain scalar, or what a reference came to: a number or a truth value where it reads as one. */
    private static JsonNode typed(String text) {
        if (text.matches("-?\\d{1,18}")) {
            return JSON.numberNode(Long.parseLong(text));
        }
        return switch (text) {
            case "true", "True" -> JSON.booleanNode(true);
            case "false", "False" -> JSON.booleanNode(false);
            default -> JSON.stringNode(text);
        };
    }
}
