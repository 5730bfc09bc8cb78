package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.ImageConfig;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Versions of functions as answers have them: {@code FunctionConfiguration} of the service model. */
final class FunctionJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private FunctionJson() {}

    /** With everything. */
    static ObjectNode full(VersionRecord version, String arn) {
        ObjectNode node = listed(version, arn);
        if (!version.settings().isImage()) {
            node.putObject("RuntimeVersionConfig")
                    .put(
                            "RuntimeVersionArn",
                            runtimeVersionArn(version.settings().runtime()));
        }
        Progress progress = version.progress();
        node.put("State", progress.state());
        putIfThere(node, "StateReason", progress.reason());
        putIfThere(node, "StateReasonCode", progress.reasonCode());
        putIfThere(node, "LastUpdateStatus", progress.updateStatus());
        putIfThere(node, "LastUpdateStatusReason", progress.updateReason());
        putIfThere(node, "LastUpdateStatusReasonCode", progress.updateReasonCode());
        return node;
    }

    /** As lists have it: without what changes by itself. */
    static ObjectNode listed(VersionRecord version, String arn) {
        FunctionSettings settings = version.settings();
        ObjectNode node = JSON.objectNode();
        node.put("FunctionName", version.name());
        node.put("FunctionArn", arn);
        putIfGiven(node, "Runtime", settings.runtime());
        node.put("Role", settings.role());
        putIfGiven(node, "Handler", settings.handler());
        node.put("CodeSize", version.code().sizeBytes());
        node.put("Description", settings.description());
        node.put("Timeout", settings.timeoutSec());
        node.put("MemorySize", settings.memoryMib());
        node.put("LastModified", version.lastModified());
        node.put("CodeSha256", version.code().sha256());
        node.put("Version", version.version());
        putIfGiven(node, "KMSKeyArn", settings.kmsKeyArn());
        node.putObject("TracingConfig").put("Mode", settings.tracingMode());
        node.put("RevisionId", version.revisionId());
        node.put("PackageType", settings.packageType());
        node.putArray("Architectures").add(settings.architecture());
        node.putObject("EphemeralStorage").put("Size", settings.ephemeralStorageMib());
        boolean fromSnapshot = version.snapStarts() && version.progress().equals(Progress.ACTIVE);
        node.putObject("SnapStart")
                .put("ApplyOn", settings.snapStart())
                .put("OptimizationStatus", fromSnapshot ? "On" : "Off");
        putLogging(node.putObject("LoggingConfig"), settings.logging());
        putParts(node, settings);
        return node;
    }

    private static void putParts(ObjectNode node, FunctionSettings settings) {
        Map<String, String> environment = settings.environment();
        if (environment != null) {
            ObjectNode variables = node.putObject("Environment").putObject("Variables");
            environment.forEach(variables::put);
        }
        if (!settings.deadLetterTarget().isEmpty()) {
            node.putObject("DeadLetterConfig").put("TargetArn", settings.deadLetterTarget());
        }
        if (!settings.layers().isEmpty()) {
            ArrayNode layers = node.putArray("Layers");
            settings.layers()
                    .forEach(layer -> layers.addObject().put("Arn", layer.arn()).put("CodeSize", layer.sizeBytes()));
        }
        ImageConfig image = settings.image();
        if (image != null) {
            putImage(node.putObject("ImageConfigResponse").putObject("ImageConfig"), image);
        }
    }

    private static void putLogging(ObjectNode node, LoggingSettings logging) {
        node.put("LogFormat", logging.format());
        putIfGiven(node, "ApplicationLogLevel", logging.applicationLevel());
        putIfGiven(node, "SystemLogLevel", logging.systemLevel());
        node.put("LogGroup", logging.group());
    }

    private static void putImage(ObjectNode node, ImageConfig image) {
        putWords(node, "EntryPoint", image.entryPoint());
        putWords(node, "Command", image.command());
        putIfThere(node, "WorkingDirectory", image.workingDirectory());
    }

    private static void putWords(ObjectNode node, String name, @Nullable Collection<String> words) {
        if (words != null) {
            ArrayNode array = node.putArray(name);
            words.forEach(array::add);
        }
    }

    private static void putIfThere(ObjectNode node, String name, @Nullable String text) {
        if (text != null) {
            node.put(name, text);
        }
    }

    private static void putIfGiven(ObjectNode node, String name, String text) {
        if (!text.isEmpty()) {
            node.put(name, text);
        }
    }

    /** The same for the same runtime; the service has a hash there. */
    static String runtimeVersionArn(String runtime) {
        return "arn:aws:lambda:us-east-1::runtime:"
                + UUID.nameUUIDFromBytes(runtime.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "");
    }
}
