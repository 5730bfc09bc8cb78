package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.control.state.Table;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every version of every layer.
 *
 * <p>Threading: the control plane's thread.
 */
final class LayerCatalog {
    static final int MAX_LAYERS = 5;

    private static final String ARN_PREFIX = FunctionRegistry.ARN_PREFIX.replace(":function:", ":layer:");
    private static final Pattern ARN =
            Pattern.compile("arn:[^:]+:lambda:([^:]+):(\\d{12}):layer:([a-zA-Z0-9-_]+):([0-9]+)");

    /** The service's words for an ARN with its version. */
    static final Pattern VERSION_ARN = Pattern.compile(
            "(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)");

    private final Table<LayerRecord> versions;

    LayerCatalog(StateStore store) {
        versions = store.table("layer", Codec.json(JsonMapper.shared(), LayerRecord.class));
    }

    Table<LayerRecord> versions() {
        return versions;
    }

    static String arn(String name) {
        return ARN_PREFIX + name;
    }

    static String key(String name, long version) {
        String number = Long.toString(version);
        return name + ":" + "0".repeat(Math.max(0, 10 - number.length())) + number;
    }

    @Nullable
    LayerRecord find(String name, long version) {
        return versions.get(key(name, version));
    }

    /** By the ARN of a version; null where there is none. */
    @Nullable
    LayerRecord find(String versionArn) {
        LayerTarget target = LayerTarget.parse(versionArn);
        return target == null ? null : find(target.name(), target.version());
    }

    /** The layers that a request gives a function; null where it says nothing of them. */
    @Nullable
    List<String> read(Body body, Checks checks) {
        List<String> arns = body.strings("Layers");
        if (arns != null
                && !arns.stream().allMatch(arn -> VERSION_ARN.matcher(arn).matches())) {
            checks.add(
                    arns,
                    "layers",
                    "Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have"
                            + " length greater than or equal to 1, Member must satisfy regular expression pattern: "
                            + VERSION_ARN.pattern() + ", Member must not be null]");
        }
        return arns;
    }

    /** What those ARNs stand for; refuses what cannot be used. */
    List<LayerUse> resolve(List<String> arns) {
        if (arns.size() > MAX_LAYERS) {
            throw ServiceFault.invalidParameter("Cannot reference more than " + MAX_LAYERS + " layers.");
        }
        List<LayerUse> uses = new ArrayList<>();
        for (String arn : arns) {
            refuseOtherVersion(uses, arn);
            uses.add(use(arn));
        }
        return uses;
    }

    /** Refuses a version of a layer that is there already. */
    static void refuseOtherVersion(List<LayerUse> uses, String arn) {
        String layer = arn.substring(0, arn.lastIndexOf(':'));
        for (LayerUse other : uses) {
            if (other.arn().substring(0, other.arn().lastIndexOf(':')).equals(layer)) {
                throw ServiceFault.invalidParameter("Two different versions of the same layer are not allowed to be"
                        + " referenced in the same function. " + other.arn() + " and " + arn
                        + " are versions of the same layer.");
            }
        }
    }

    private LayerUse use(String arn) {
        Matcher matcher = ARN.matcher(arn);
        String region = FunctionRegistry.ARN_PREFIX.split(":", -1)[3];
        if (matcher.matches() && !matcher.group(1).equals(region)) {
            throw ServiceFault.invalidParameter(
                    "Layers are not in the same region as the function. Layers are expected to" + " be in region "
                            + region + ".");
        }
        LayerRecord layer = find(arn);
        if (layer == null) {
            throw ServiceFault.invalidParameter("Layer version " + arn + " does not exist.");
        }
        FunctionCode code = layer.code();
        return new LayerUse(layer.arn(), code.sizeBytes(), code.unzippedBytes(), code.sha256());
    }
}
