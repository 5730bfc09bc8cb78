package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the properties of {@code AWS::Serverless::Function}. Globals come first and are overridden by the function's
 * own; environment variables and layers add up, as SAM defines it.
 */
final class SamFunctionReader {
    /** Accepted, and of no effect on one machine without accounts. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("Policies", "RuntimeManagementConfig");
    /** SAM knows them, this version does not: said apart from a misspelling. */
    private static final Set<String> NOT_YET =
            Set.of("DeploymentPreference", "FileSystemConfigs", "InlineCode", "KmsKeyArn", "VpcConfig");

    private final TemplateNodes nodes;
    private final Path folder;
    private final SamLayers layers;
    private @Nullable Node globals;

    SamFunctionReader(TemplateNodes nodes, Path folder, SamLayers layers) {
        this.nodes = nodes;
        this.folder = folder;
        this.layers = layers;
    }

    void readGlobals(Node node) {
        globals = node;
        take(new Properties(nodes), node, false);
    }

    TemplateFunction read(Entry resource, Node node) {
        Properties properties = new Properties(nodes);
        Node shared = globals;
        if (shared != null) {
            take(properties, shared, false);
            if (isImage(node, properties)) {
                properties.forgetPackage();
            }
        }
        take(properties, node, true);
        if (properties.name == null) {
            nodes.check(resource.keyNode(), "FunctionName", resource.key(), FunctionRules.name(resource.key()));
            properties.name = resource.key();
        }
        nodes.check(node, "Layers", properties.layers.size(), FunctionRules.layerCount(properties.layers.size()));
        long bytes = FunctionRules.bytesOf(properties.environment);
        nodes.check(node, "Environment", bytes, FunctionRules.environmentBytes(bytes));
        nodes.check(
                node,
                "Environment",
                properties.environment.keySet(),
                FunctionRules.environmentValues(properties.environment.values()));
        boolean image = properties.packageType.equals("Image");
        requireKind(resource, properties, image);
        FunctionConfig config = new FunctionConfig(
                properties.name,
                image
                        ? required(resource, "ImageUri", properties.imageUri)
                        : required(resource, "CodeUri", properties.codeUri),
                image ? "" : required(resource, "Handler", properties.handler),
                image ? "" : required(resource, "Runtime", properties.runtime),
                properties.architecture,
                properties.memoryMib,
                properties.timeoutSec,
                properties.ephemeralStorageMib,
                properties.layers.stream().map(SamLayers.Layer::path).toList(),
                properties.environment,
                properties.reservedConcurrency,
                image ? properties.imageConfig : null,
                properties.logging.toConfig(node));
        List<String> layerNames =
                properties.layers.stream().map(SamLayers.Layer::name).toList();
        return new TemplateFunction(config, layerNames, properties.settings.read());
    }

    private boolean isImage(Node node, Properties shared) {
        Entry own = nodes.mapping("Properties", node).get("PackageType");
        return (own == null ? shared.packageType : TemplateNodes.show(own.value())).equals("Image");
    }

    /** What belongs to the other type of package is refused, wherever it was given. */
    private void requireKind(Entry resource, Properties properties, boolean image) {
        if (!image && properties.imageUri != null) {
            throw nodes.refusal(resource.keyNode(), "PackageType", "Zip", "must be Image with an ImageUri");
        }
        if (image) {
            refuseWithImage(resource, "CodeUri", properties.codeUri != null);
            refuseWithImage(resource, "Handler", properties.handler != null);
            refuseWithImage(resource, "Runtime", properties.runtime != null);
            refuseWithImage(resource, "Layers", !properties.layers.isEmpty());
        }
    }

    private void refuseWithImage(Entry resource, String key, boolean given) {
        nodes.check(resource.keyNode(), key, "given in " + resource.key(), FunctionRules.notOfImages(given));
    }

    private <T> T required(Entry resource, String key, @Nullable T value) {
        if (value == null) {
            throw nodes.refusal(resource.keyNode(), key, "missing in " + resource.key(), "must be given");
        }
        return value;
    }

    private void take(Properties into, Node node, boolean named) {
        for (Entry property : nodes.mapping("Properties", node).values()) {
            if (named && property.key().equals("FunctionName")) {
                into.name = text(property, FunctionRules.name(nodes.string("FunctionName", property.value())));
            } else {
                take(into, property);
            }
        }
    }

    private void take(Properties into, Entry property) {
        Node value = property.value();
        switch (property.key()) {
            case "CodeUri" -> into.codeUri = nodes.path(folder, "CodeUri", value, "must be a folder or a zip here");
            case "Handler" -> into.handler = text(property, FunctionRules.handler(nodes.string("Handler", value)));
            case "Runtime" -> into.runtime = text(property, FunctionRules.runtime(nodes.string("Runtime", value)));
            case "Architectures" -> into.architecture = architecture(property);
            case "MemorySize" -> {
                long memoryMib = nodes.integer("MemorySize", value);
                into.memoryMib = number(property, memoryMib, FunctionRules.memoryMib(memoryMib));
            }
            case "Timeout" -> {
                long timeoutSec = nodes.integer("Timeout", value);
                into.timeoutSec = number(property, timeoutSec, FunctionRules.timeoutSec(timeoutSec));
            }
            case "EphemeralStorage" -> into.ephemeralStorageMib = ephemeralStorageMib(value);
            case "Environment" -> takeEnvironment(into, value);
            case "Layers" -> takeLayers(into, value);
            case "ReservedConcurrentExecutions" -> {
                long reserved = nodes.integer(property.key(), value);
                into.reservedConcurrency = number(property, reserved, FunctionRules.reservedConcurrency(reserved));
            }
            case "LoggingConfig" -> into.logging.read(value);
            case "PackageType" -> {
                String type = nodes.string("PackageType", value);
                boolean known = type.equals("Zip") || type.equals("Image");
                nodes.check(value, "PackageType", type, known ? null : "must be Zip or Image");
                into.packageType = type;
            }
            case "ImageUri" ->
                into.imageUri = nodes.path(folder, "ImageUri", value, "must be an image's folder or archive here");
            case "ImageConfig" -> into.imageConfig = new SamImageConfig(nodes).read(value);
            default -> {
                if (SamSettings.has(property.key())) {
                    into.settings.read(property);
                } else {
                    refuseUnlessWithoutEffect(property);
                }
            }
        }
    }

    private void refuseUnlessWithoutEffect(Entry property) {
        String shown = TemplateNodes.show(property.value());
        if (NOT_YET.contains(property.key())) {
            throw nodes.refusal(property.keyNode(), property.key(), shown, "is not supported by this version");
        }
        if (!WITHOUT_EFFECT.contains(property.key())) {
            throw nodes.refusal(
                    property.keyNode(), property.key(), shown, "is no property of AWS::Serverless::Function");
        }
    }

    private String text(Entry property, @Nullable String broken) {
        String text = nodes.string(property.key(), property.value());
        nodes.check(property.value(), property.key(), text, broken);
        return text;
    }

    private int number(Entry property, long value, @Nullable String broken) {
        nodes.check(property.value(), property.key(), value, broken);
        return (int) value;
    }

    private String architecture(Entry property) {
        List<Node> list = nodes.sequence(property.key(), property.value());
        nodes.check(
                property.value(),
                property.key(),
                TemplateNodes.show(property.value()),
                list.size() == 1 ? null : "must be a list of one");
        String architecture = nodes.string(property.key(), list.get(0));
        nodes.check(list.get(0), property.key(), architecture, FunctionRules.architecture(architecture));
        return architecture;
    }

    private int ephemeralStorageMib(Node node) {
        int mib = FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB;
        for (Entry entry : nodes.mapping("EphemeralStorage", node).values()) {
            if (!entry.key().equals("Size")) {
                throw nodes.refusal(
                        entry.keyNode(), "EphemeralStorage", entry.key(), "must have Size and nothing else");
            }
            long size = nodes.integer("EphemeralStorage.Size", entry.value());
            nodes.check(entry.value(), "EphemeralStorage.Size", size, FunctionRules.ephemeralStorageMib(size));
            mib = (int) size;
        }
        return mib;
    }

    private void takeEnvironment(Properties into, Node node) {
        for (Entry entry : nodes.mapping("Environment", node).values()) {
            if (!entry.key().equals("Variables")) {
                throw nodes.refusal(
                        entry.keyNode(), "Environment", entry.key(), "must have Variables and nothing else");
            }
            for (Entry variable :
                    nodes.mapping("Environment.Variables", entry.value()).values()) {
                nodes.check(
                        variable.keyNode(),
                        "Environment.Variables",
                        variable.key(),
                        FunctionRules.environmentKey(variable.key()));
                into.environment.put(
                        variable.key(), nodes.string("Environment.Variables." + variable.key(), variable.value()));
            }
        }
    }

    private void takeLayers(Properties into, Node node) {
        for (Node layer : nodes.sequence("Layers", node)) {
            into.layers.add(layers.resolve(layer));
        }
    }

    /** What has been read of one function so far. */
    private static final class Properties {
        private @Nullable String name;
        private String packageType = "Zip";
        private @Nullable Path codeUri;
        private @Nullable Path imageUri;
        private ImageConfig imageConfig = ImageConfig.NONE;
        private @Nullable String handler;
        private @Nullable String runtime;
        private String architecture = FunctionConfig.DEFAULT_ARCHITECTURE;
        private int memoryMib = FunctionConfig.DEFAULT_MEMORY_MIB;
        private int timeoutSec = FunctionConfig.DEFAULT_TIMEOUT_SEC;
        private int ephemeralStorageMib = FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB;
        private int reservedConcurrency = FunctionConfig.UNRESERVED;
        private final List<SamLayers.Layer> layers = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final SamLoggingConfig logging;
        private final SamSettings settings;

        private Properties(TemplateNodes nodes) {
            logging = new SamLoggingConfig(nodes);
            settings = new SamSettings(nodes);
        }

        /** Globals that are for the other functions. */
        private void forgetPackage() {
            codeUri = null;
            handler = null;
            runtime = null;
            layers.clear();
        }
    }
}
