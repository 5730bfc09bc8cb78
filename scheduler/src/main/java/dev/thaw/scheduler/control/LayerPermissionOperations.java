package dev.thaw.scheduler.control;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who may use a version of a layer (contract.md section 1.10).
 *
 * <p>Threading: the control plane's thread.
 */
final class LayerPermissionOperations {
    private static final Pattern STATEMENT_ID = Pattern.compile("([a-zA-Z0-9-_]+)");
    private static final Pattern ACTION = Pattern.compile("lambda:GetLayerVersion");
    private static final Pattern PRINCIPAL = Pattern.compile("\\d{12}|\\*|arn:(aws[a-zA-Z-]*):iam::\\d{12}:root");
    private static final Pattern ORGANIZATION = Pattern.compile("o-[a-z0-9]{10,32}");

    private final LayerCatalog layers;

    LayerPermissionOperations(LayerCatalog layers) {
        this.layers = layers;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(
                "AddLayerVersionPermission", this::add,
                "GetLayerVersionPolicy", this::get,
                "RemoveLayerVersionPermission", this::remove);
    }

    private ObjectNode add(OperationInput input) {
        Body body = new Body(input.body());
        Checks checks = new Checks();
        String id = body.string("StatementId");
        String action = body.string("Action");
        String principal = body.string("Principal");
        String organization = body.string("OrganizationId");
        checks.required(id, "statementId");
        checks.required(action, "action");
        checks.required(principal, "principal");
        checks.length(id, "statementId", 1, 100);
        checks.pattern(id, "statementId", STATEMENT_ID);
        checks.pattern(action, "action", ACTION);
        checks.pattern(principal, "principal", PRINCIPAL);
        checks.pattern(organization, "organizationId", ORGANIZATION);
        LayerRecord layer = existing(LayerTarget.of(input, checks));
        checkRevision(layer, input);
        String key = String.valueOf(id);
        if (layer.grants().containsKey(key)) {
            throw ServiceFault.conflict(
                    "The statement id (" + id
                            + ") provided already exists. Please provide a new statement id, or remove the existing statement.");
        }
        ObjectNode statement = statement(layer, key, String.valueOf(principal), String.valueOf(action), organization);
        Map<String, String> grants = new LinkedHashMap<>(layer.grants());
        grants.put(key, statement.toString());
        LayerRecord changed = layer.withGrants(grants, FunctionLife.newRevisionId());
        layers.versions().put(changed.key(), changed);
        return JsonNodeFactory.instance
                .objectNode()
                .put("Statement", statement.toString())
                .put("RevisionId", changed.policyRevisionId());
    }

    private static ObjectNode statement(
            LayerRecord layer, String id, String principal, String action, @Nullable String organization) {
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        statement.put("Sid", id).put("Effect", "Allow");
        if (principal.equals("*")) {
            statement.put("Principal", principal);
        } else {
            String arn = principal.startsWith("arn:") ? principal : "arn:aws:iam::" + principal + ":root";
            statement.putObject("Principal").put("AWS", arn);
        }
        statement.put("Action", action).put("Resource", layer.arn());
        if (organization != null) {
            statement.putObject("Condition").putObject("StringEquals").put("aws:PrincipalOrgID", organization);
        }
        return statement;
    }

    private LayerRecord existing(LayerTarget target) {
        LayerRecord layer = layers.find(target.name(), target.version());
        if (layer == null) {
            throw ServiceFault.notFound("Layer version " + target.arn() + " does not exist.");
        }
        return layer;
    }

    private static void checkRevision(LayerRecord layer, OperationInput input) {
        String given = input.query("RevisionId");
        if (given != null && !given.equals(layer.policyRevisionId())) {
            throw ServiceFault.preconditionFailed(
                    "The Revision Id provided does not match the latest Revision Id. Call the"
                            + " GetLayerPolicy API to retrieve the latest Revision Id");
        }
    }

    private ObjectNode get(OperationInput input) {
        LayerRecord layer = existing(LayerTarget.of(input));
        if (layer.grants().isEmpty()) {
            throw ServiceFault.notFound("No policy is associated with the given resource.");
        }
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        policy.put("Version", "2012-10-17").put("Id", "default");
        ArrayNode statements = policy.putArray("Statement");
        layer.grants()
                .values()
                .forEach(text -> statements.add(JsonMapper.shared().readTree(text)));
        return JsonNodeFactory.instance
                .objectNode()
                .put("Policy", policy.toString())
                .put("RevisionId", layer.policyRevisionId());
    }

    private @Nullable JsonNode remove(OperationInput input) {
        LayerRecord layer = existing(LayerTarget.of(input));
        String id = input.label("StatementId");
        Map<String, String> grants = new LinkedHashMap<>(layer.grants());
        if (!grants.containsKey(id)) {
            throw ServiceFault.notFound("Statement " + id + " is not found in resource policy.");
        }
        checkRevision(layer, input);
        grants.remove(id);
        LayerRecord changed = layer.withGrants(grants, FunctionLife.newRevisionId());
        layers.versions().put(changed.key(), changed);
        return null;
    }
}
