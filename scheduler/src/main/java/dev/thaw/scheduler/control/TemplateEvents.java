package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.TemplateMemory.Kind;
import dev.thaw.scheduler.events.source.KeyFilter;
import dev.thaw.scheduler.events.source.ScheduleExpression;
import dev.thaw.scheduler.events.source.ScheduleKind;
import dev.thaw.scheduler.events.source.Triggers;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the events of a template's function: schedules and buckets become triggers, queues and Kafka event source
 * mappings. What cannot come here is said; a function without its events is still worth serving, clients can invoke it.
 *
 * <p>Threading: one thread, which waits for the control plane.
 */
final class TemplateEvents {
    private static final Set<String> BUCKET_KEYS = Set.of("Bucket", "Events", "Filter");
    private static final Set<String> SCHEDULE_KEYS =
            Set.of("Schedule", "Input", "Name", "Description", "Enabled", "State");
    private static final Set<String> SCHEDULER_KEYS = Set.of(
            "ScheduleExpression",
            "Input",
            "Name",
            "Description",
            "State",
            "FlexibleTimeWindow",
            "RoleArn",
            "PermissionsBoundary",
            "OmitName",
            "ScheduleExpressionTimezone");

    private final TemplateCalls calls;
    private final TemplateTriggers triggers;
    private final TemplateFunction function;
    private final TemplateRemains remains;

    TemplateEvents(TemplateCalls calls, TemplateTriggers triggers, TemplateFunction function, TemplateRemains remains) {
        this.calls = calls;
        this.triggers = triggers;
        this.function = function;
        this.remains = remains;
    }

    /** Null where it comes; else why not. */
    @Nullable
    String apply(String event, String type, JsonNode given) {
        ObjectNode properties = given instanceof ObjectNode object ? object.deepCopy() : TemplateCalls.object();
        try {
            return switch (type) {
                case "Schedule" -> schedule(event, properties, ScheduleKind.RULE);
                case "ScheduleV2" -> schedule(event, properties, ScheduleKind.SCHEDULER);
                case "S3" -> bucket(event, properties);
                case "SQS" -> queue(properties);
                case "SelfManagedKafka" -> kafka(properties);
                case "Api", "HttpApi" ->
                    "events of type " + type + " do not come here, there is no API gateway;"
                            + " FunctionUrlConfig gives a function a URL";
                default -> "events of type " + type + " do not come here; send them with invoke or a client";
            };
        } catch (ServiceFault refused) {
            return refused.text();
        }
    }

    private @Nullable String schedule(String event, ObjectNode properties, ScheduleKind kind) {
        boolean isRule = kind == ScheduleKind.RULE;
        String zone = properties.path("ScheduleExpressionTimezone").asString("UTC");
        String window = properties.path("FlexibleTimeWindow").path("Mode").asString("OFF");
        String unknown = unknown(properties, isRule ? SCHEDULE_KEYS : SCHEDULER_KEYS);
        if (unknown != null || !zone.equals("UTC") || !window.equals("OFF")) {
            return (unknown != null ? unknown : zone.equals("UTC") ? "FlexibleTimeWindow" : "time zone " + zone)
                    + " of a schedule is not served here";
        }
        if (!properties.path("Enabled").asBoolean(true)
                || properties.path("State").asString("").equals("DISABLED")) {
            return null;
        }
        String name = properties.path("Name").asString(TemplateCalls.name(function) + event);
        String input = properties.path("Input").stringValue(null);
        ScheduleExpression expression;
        try {
            String key = isRule ? "Schedule" : "ScheduleExpression";
            expression = ScheduleExpression.parse(properties.path(key).asString(""));
        } catch (IllegalArgumentException wrong) {
            return wrong.getMessage();
        }
        permit(event, kind.service(), kind.arn(name));
        return triggers.schedule(new Triggers.Schedule(kind, name, expression, arn(), input));
    }

    private @Nullable String bucket(String event, ObjectNode properties) {
        String unknown = unknown(properties, BUCKET_KEYS);
        if (unknown != null) {
            return unknown + " of a bucket is not served here";
        }
        for (String wanted : texts(properties.path("Events"))) {
            if (!wanted.equals("s3:ObjectCreated:*") && !wanted.equals("s3:ObjectCreated:Put")) {
                return wanted + " does not come here: s3:ObjectCreated:* does";
            }
        }
        String prefix = "";
        String suffix = "";
        for (JsonNode rule : properties.at("/Filter/S3Key/Rules")) {
            String value = rule.path("Value").asString("");
            switch (rule.path("Name").asString("").toLowerCase(Locale.ROOT)) {
                case "prefix" -> prefix = value;
                case "suffix" -> suffix = value;
                default -> {
                    return "Filter.S3Key.Rules: a Name must be prefix or suffix";
                }
            }
        }
        String bucket = properties.path("Bucket").asString("");
        permit(event, "s3.amazonaws.com", "arn:aws:s3:::" + bucket);
        return triggers.bucket(bucket, arn(), new KeyFilter(prefix, suffix));
    }

    /** As SAM grants it; kept as long as the event is in the template. */
    private void permit(String event, String service, String sourceArn) {
        ObjectNode statement = TemplateCalls.object()
                .put("StatementId", event + "Permission")
                .put("Action", "lambda:InvokeFunction")
                .put("Principal", service)
                .put("SourceArn", sourceArn);
        remains.keep(Kind.PERMISSION, event + "Permission");
        calls.permit(function, TemplateCalls.alias(function), statement);
    }

    private @Nullable String queue(ObjectNode properties) {
        JsonNode queue = properties.remove("Queue");
        String arn = queue == null ? "" : queue.asString();
        return mapping(properties, properties.deepCopy().put("EventSourceArn", arn));
    }

    private @Nullable String kafka(ObjectNode properties) {
        JsonNode servers = properties.remove("KafkaBootstrapServers");
        JsonNode group = properties.remove("ConsumerGroupId");
        if (properties.path("DestinationConfig").path("OnFailure") instanceof ObjectNode onFailure) {
            onFailure.remove("Type");
        }
        if (!properties.has("StartingPosition")) {
            properties.put("StartingPosition", "TRIM_HORIZON");
        }
        ObjectNode creation = properties.deepCopy();
        if (servers != null) {
            creation.putObject("SelfManagedEventSource").putObject("Endpoints").set("KAFKA_BOOTSTRAP_SERVERS", servers);
        }
        if (group != null) {
            creation.putObject("SelfManagedKafkaEventSourceConfig").set("ConsumerGroupId", group);
        }
        List.of("Topics", "StartingPosition", "StartingPositionTimestamp").forEach(properties::remove);
        return mapping(properties, creation);
    }

    /** One that this template has made is updated, made anew where less is said of it than before. */
    private @Nullable String mapping(ObjectNode properties, ObjectNode creation) {
        if (!calls.serves("CreateEventSourceMapping")) {
            return "event source mappings are not served here";
        }
        String alias = TemplateCalls.alias(function);
        String target = TemplateCalls.name(function) + (alias == null ? "" : ":" + alias);
        String said = String.join(" ", properties.propertyNames());
        String uuid = mappingOf(target, creation);
        if (uuid != null && !saysAll(properties, remains.said(Kind.MAPPING, uuid))) {
            calls.call("DeleteEventSourceMapping", Map.of("UUID", uuid), null, TemplateCalls.object());
            uuid = null;
        }
        JsonNode mapping = uuid == null
                ? calls.call("CreateEventSourceMapping", Map.of(), null, creation.put("FunctionName", target))
                : calls.call(
                        "UpdateEventSourceMapping", Map.of("UUID", uuid), null, properties.put("FunctionName", target));
        remains.keep(Kind.MAPPING, (mapping.path("UUID").asString("") + " " + said).strip());
        return null;
    }

    /** Nothing that was said before is left out now: an update would leave that as it is. */
    private static boolean saysAll(ObjectNode properties, @Nullable String before) {
        return before == null || Arrays.stream(before.split(" ", -1)).skip(1).allMatch(properties::has);
    }

    private @Nullable String mappingOf(String target, ObjectNode creation) {
        JsonNode known = calls.send(
                "ListEventSourceMappings", Map.of(), Map.of("FunctionName", List.of(target)), TemplateCalls.object());
        for (JsonNode mapping : known.path("EventSourceMappings")) {
            if (mapping.path("EventSourceArn").equals(creation.path("EventSourceArn"))
                    && mapping.path("SelfManagedEventSource").equals(creation.path("SelfManagedEventSource"))
                    && mapping.path("Topics").equals(creation.path("Topics"))) {
                return mapping.path("UUID").asString("");
            }
        }
        return null;
    }

    private String arn() {
        return Catalog.arn(TemplateCalls.name(function), TemplateCalls.alias(function));
    }

    private static @Nullable String unknown(ObjectNode properties, Set<String> known) {
        return properties.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .orElse(null);
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(text -> texts.add(text.asString("")));
        } else {
            texts.add(node.asString("s3:ObjectCreated:*"));
        }
        return texts;
    }
}
