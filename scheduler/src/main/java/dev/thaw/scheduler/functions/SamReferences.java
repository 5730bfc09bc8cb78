package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Resolves {@code Ref}, {@code Fn::GetAtt} and {@code Fn::Sub}, in both spellings: to defaults of parameters, pseudo
 * parameters, and names and ARNs of the template's own resources. What cannot be known here is refused.
 */
final class SamReferences {
    /** Resources that functions refer to and that are not ours to make, with the property that names each. */
    static final Map<String, String> NAMED = Map.of(
            "AWS::SQS::Queue", "QueueName",
            "AWS::SNS::Topic", "TopicName",
            "AWS::S3::Bucket", "BucketName",
            "AWS::Events::EventBus", "Name",
            "AWS::DynamoDB::Table", "TableName");

    private static final String FUNCTION = "AWS::Serverless::Function";
    private static final String HERE = "us-east-1:000000000000:";
    private static final Map<String, String> ARN_PREFIXES = Map.of(
            FUNCTION,
            FunctionRegistry.ARN_PREFIX,
            "AWS::SQS::Queue",
            "arn:aws:sqs:" + HERE,
            "AWS::SNS::Topic",
            "arn:aws:sns:" + HERE,
            "AWS::S3::Bucket",
            "arn:aws:s3:::",
            "AWS::Events::EventBus",
            "arn:aws:events:" + HERE + "event-bus/",
            "AWS::DynamoDB::Table",
            "arn:aws:dynamodb:" + HERE + "table/");
    private static final Map<String, String> PSEUDO = Map.of(
            "AWS::Region", "us-east-1",
            "AWS::AccountId", "000000000000",
            "AWS::Partition", "aws",
            "AWS::URLSuffix", "amazonaws.com",
            "AWS::StackName", "thaw",
            "AWS::StackId", "arn:aws:cloudformation:" + HERE + "stack/thaw/0");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");
    private static final String BOUND =
            "must name a parameter with a Default, a pseudo parameter, or a function, queue, topic, bucket, event bus or"
                    + " table of this template";

    private final TemplateNodes nodes;
    private final Map<String, Node> defaults = new HashMap<>();
    private final Map<String, Named> resources = new HashMap<>();
    private final Set<String> resolving = new HashSet<>();

    private record Named(String type, @Nullable Node name) {}

    SamReferences(TemplateNodes nodes) {
        this.nodes = nodes;
    }

    /** Section {@code Parameters}. */
    void readParameters(Node section) {
        for (Entry parameter : nodes.mapping("Parameters", section).values()) {
            Entry value = nodes.mapping(parameter.key(), parameter.value()).get("Default");
            if (value != null) {
                defaults.put(parameter.key(), value.value());
            }
        }
    }

    /** A resource that others may refer to. */
    void add(String logicalId, String type, @Nullable Node properties) {
        String key = type.equals(FUNCTION) ? "FunctionName" : NAMED.get(type);
        Entry name = properties == null || key == null
                ? null
                : nodes.mapping("Properties", properties).get(key);
        resources.put(logicalId, new Named(type, name == null ? null : name.value()));
    }

    /** What the call comes to. */
    String resolve(String key, Intrinsic call) {
        return switch (call.name()) {
            case "Ref" -> ref(key, call.node(), nodes.plain(key, call.argument()));
            case "GetAtt" -> attribute(key, call.node(), attributeName(key, call.argument()));
            case "Sub" -> substitute(key, call);
            default ->
                throw nodes.refusal(
                        call.node(), key, call.name(), "is no function that is known here: Ref, GetAtt or Sub");
        };
    }

    private String ref(String key, Node at, String name) {
        Node value = defaults.get(name);
        if (value != null) {
            return once(key, at, name, () -> nodes.string(key, value));
        }
        String pseudo = PSEUDO.get(name);
        if (pseudo != null) {
            return pseudo;
        }
        Named resource = resources.get(name);
        if (resource == null || !ARN_PREFIXES.containsKey(resource.type)) {
            throw nodes.refusal(at, key, "!Ref " + name, BOUND);
        }
        return switch (resource.type) {
            case "AWS::SNS::Topic" -> arn(key, at, name, resource);
            case "AWS::SQS::Queue" ->
                throw nodes.refusal(
                        at,
                        key,
                        "!Ref " + name,
                        "is a queue's URL, which is not known here; give !GetAtt " + name + ".Arn");
            default -> nameOf(key, at, name, resource);
        };
    }

    private String attribute(String key, Node at, String text) {
        int dot = text.indexOf('.');
        String name = dot < 0 ? text : text.substring(0, dot);
        String attribute = dot < 0 ? "" : text.substring(dot + 1);
        Named resource = resources.get(name);
        if (resource == null || !ARN_PREFIXES.containsKey(resource.type)) {
            throw nodes.refusal(at, key, "!GetAtt " + text, BOUND);
        }
        return switch (attribute) {
            case "Arn", "TopicArn" -> arn(key, at, name, resource);
            case "QueueName", "TopicName", "Name" -> nameOf(key, at, name, resource);
            default -> throw nodes.refusal(at, key, "!GetAtt " + text, "must be its Arn or its name");
        };
    }

    private String arn(String key, Node at, String logicalId, Named resource) {
        return ARN_PREFIXES.get(resource.type) + nameOf(key, at, logicalId, resource);
    }

    private String nameOf(String key, Node at, String logicalId, Named resource) {
        Node name = resource.name;
        return name == null ? logicalId : once(key, at, logicalId, () -> nodes.string(key, name));
    }

    private String once(String key, Node at, String name, java.util.function.Supplier<String> value) {
        if (!resolving.add(name)) {
            throw nodes.refusal(at, key, name, "must not refer to itself");
        }
        try {
            return value.get();
        } finally {
            resolving.remove(name);
        }
    }

    private String attributeName(String key, Node argument) {
        if (argument instanceof SequenceNode list) {
            List<String> parts =
                    list.getValue().stream().map(part -> nodes.plain(key, part)).toList();
            return String.join(".", parts);
        }
        return nodes.plain(key, argument);
    }

    private String substitute(String key, Intrinsic call) {
        Map<String, Entry> own = Map.of();
        Node text = call.argument();
        if (text instanceof SequenceNode list) {
            nodes.check(
                    text,
                    key,
                    TemplateNodes.show(text),
                    list.getValue().size() == 2 ? null : "must be a text and a mapping");
            own = nodes.mapping(key, list.getValue().get(1));
            text = list.getValue().get(0);
        }
        Matcher variables = VARIABLE.matcher(nodes.plain(key, text));
        StringBuilder result = new StringBuilder();
        while (variables.find()) {
            String name = variables.group(2).strip();
            String value = variables.group(1).isEmpty() ? variable(key, call.node(), name, own) : "${" + name + "}";
            variables.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return variables.appendTail(result).toString();
    }

    private String variable(String key, Node at, String name, Map<String, Entry> own) {
        Entry given = own.get(name);
        if (given != null) {
            return nodes.string(key, given.value());
        }
        return name.contains(".") ? attribute(key, at, name) : ref(key, at, name);
    }
}
