package dev.thaw.scheduler.control;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tags of functions: of a function as a whole, never of a version or an alias.
 *
 * <p>Threading: the control plane's thread.
 */
final class TagOperations {
    private static final Pattern RESOURCE = Pattern.compile(
            "arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)");
    private static final Pattern FUNCTION =
            Pattern.compile("arn:[^:]+:lambda:[^:]+:\\d{12}:function:([a-zA-Z0-9-_]+)(:.+)?");

    private final Catalog catalog;

    TagOperations(Catalog catalog) {
        this.catalog = catalog;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of("TagResource", this::tag, "UntagResource", this::untag, "ListTags", this::list);
    }

    private @Nullable JsonNode tag(OperationInput input) {
        FunctionRecord function = function(input);
        Map<String, String> added = new Body(input.body()).map("Tags");
        if (added == null || added.isEmpty()) {
            throw ServiceFault.invalidParameter("An error occurred and the request cannot be processed.");
        }
        Map<String, String> tags = new TreeMap<>(function.tags());
        tags.putAll(added);
        TagRules.check(tags);
        catalog.functions().put(function.name(), function.withTags(tags));
        return null;
    }

    private @Nullable JsonNode untag(OperationInput input) {
        Checks checks = new Checks();
        List<String> keys = input.query().get("tagKeys");
        checks.required(keys == null || keys.isEmpty() ? null : keys, "tagKeys");
        checks.refuse();
        FunctionRecord function = function(input);
        Map<String, String> tags = new TreeMap<>(function.tags());
        if (keys != null && tags.keySet().removeAll(keys)) {
            catalog.functions().put(function.name(), function.withTags(tags));
        }
        return null;
    }

    private ObjectNode list(OperationInput input) {
        FunctionRecord function = function(input);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode tags = node.putObject("Tags");
        function.tags().forEach(tags::put);
        return node;
    }

    private FunctionRecord function(OperationInput input) {
        String arn = input.label("ARN");
        Checks checks = new Checks();
        checks.pattern(arn, "resource", RESOURCE);
        checks.refuse();
        Matcher matcher = FUNCTION.matcher(arn);
        if (!matcher.matches()) {
            throw ServiceFault.notFound("Resource not found: " + arn);
        }
        if (matcher.group(2) != null) {
            throw ServiceFault.invalidParameter(
                    "Tags on function aliases and versions are not supported. Please specify a function ARN.");
        }
        FunctionRecord function = catalog.functions().get(matcher.group(1));
        if (function == null || !arn.equals(Catalog.arn(function.name(), null))) {
            throw ServiceFault.notFound("Function not found: " + arn);
        }
        return function;
    }
}
