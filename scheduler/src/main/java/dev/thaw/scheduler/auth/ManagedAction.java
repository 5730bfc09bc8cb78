package dev.thaw.scheduler.auth;

import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation of the management API is to policies.
 *
 * @param action {@code lambda:UpdateAlias}
 * @param resource ARN of what it is about; {@code *} where there is none
 */
public record ManagedAction(String action, String resource) {
    private static final String ANY = "*";
    private static final String PLACE = FunctionRegistry.ARN_PREFIX.replaceFirst("function:$", "");

    /** Of an operation by the name that the service model gives it. */
    public static ManagedAction of(String operation, OperationInput input) {
        String name = operation.equals("GetLayerVersionByArn") ? "GetLayerVersion" : operation;
        return new ManagedAction("lambda:" + name, resource(input));
    }

    /** A function, version or alias as clients spell it; {@code *} where it is not spelt right. */
    public static String function(String text, @Nullable String qualifier) {
        FunctionReference reference = FunctionReference.parse(text);
        if (reference == null) {
            return ANY;
        }
        String base = reference.prefix().startsWith("arn:") ? reference.prefix() : FunctionRegistry.ARN_PREFIX;
        String wanted = reference.qualifier() == null ? qualifier : reference.qualifier();
        return base + reference.name() + (wanted == null || wanted.isEmpty() ? "" : ":" + wanted);
    }

    private static String resource(OperationInput input) {
        Map<String, String> labels = input.labels();
        if (labels.containsKey("FunctionName")) {
            return function(input.label("FunctionName"), input.query("Qualifier"));
        }
        if (labels.containsKey("LayerName")) {
            String version = labels.get("VersionNumber");
            return PLACE + "layer:" + input.label("LayerName") + (version == null ? "" : ":" + version);
        }
        if (labels.containsKey("UUID")) {
            return PLACE + "event-source-mapping:" + input.label("UUID");
        }
        if (labels.containsKey("ARN")) {
            return input.label("ARN");
        }
        String layer = input.query("Arn");
        if (layer != null) {
            return layer;
        }
        String created = input.body().path("FunctionName").stringValue(null);
        return created == null ? ANY : function(created, null);
    }
}
