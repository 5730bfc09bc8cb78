package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Table;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Layers (contract.md section 1.10): each version is published once, under a number that is given once, and may be
 * deleted while functions go on with it.
 *
 * <p>Threading: the control plane's threads, as {@link LongOperation} says.
 */
final class LayerOperations {
    private static final int MAX_RUNTIMES = 15;
    private static final int MAX_LISTED = 50;

    private final LayerCatalog layers;
    private final Catalog catalog;
    private final PackageSource source;
    private final Transaction transaction;
    private final Rollout rollout;
    private final FunctionLife life;
    private final UnaryOperator<String> codeLocation;

    LayerOperations(
            LayerCatalog layers,
            Catalog catalog,
            PackageSource source,
            Transaction transaction,
            Rollout rollout,
            FunctionLife life,
            UnaryOperator<String> codeLocation) {
        this.layers = layers;
        this.catalog = catalog;
        this.source = source;
        this.transaction = transaction;
        this.rollout = rollout;
        this.life = life;
        this.codeLocation = codeLocation;
    }

    Map<String, OperationHandler> handlers() {
        LongOperation publish = this::preparePublish;
        return Map.of(
                "PublishLayerVersion", publish,
                "GetLayerVersion", this::get,
                "GetLayerVersionByArn", this::getByArn,
                "DeleteLayerVersion", this::delete,
                "ListLayerVersions", this::listVersions,
                "ListLayers", this::list);
    }

    private LongOperation.Step preparePublish(OperationInput input) {
        Body body = new Body(input.body());
        Checks checks = new Checks();
        List<String> runtimes = body.strings("CompatibleRuntimes");
        List<String> architectures = body.strings("CompatibleArchitectures");
        if (runtimes != null && !runtimes.stream().allMatch(Runtimes::isKnown)) {
            checks.oneOf(runtimes.toString(), "compatibleRuntimes", Runtimes.SUPPORTED);
        }
        checks.size(orNone(runtimes), "compatibleRuntimes", 0, MAX_RUNTIMES);
        checks.eachOf(orNone(architectures), "compatibleArchitectures", Creation.ARCHITECTURES);
        checks.length(body.string("Description"), "description", 0, 256);
        checks.length(body.string("LicenseInfo"), "licenseInfo", 0, 512);
        Body content = body.structure("Content");
        checks.required(content, "content");
        String name = LayerTarget.name(input, checks);
        if (content == null) {
            throw new IllegalStateException("checked above");
        }
        return PreparedCode.of(source.take(content, "content."))
                .step(code -> publish(name, code, body), source, rollout);
    }

    private static List<String> orNone(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private ObjectNode publish(String name, FunctionCode code, Body body) {
        String description = body.string("Description");
        LayerRecord layer = new LayerRecord(
                name,
                catalog.next("layer:" + name),
                description == null ? "" : description,
                code,
                body.strings("CompatibleRuntimes"),
                body.strings("CompatibleArchitectures"),
                body.string("LicenseInfo"),
                life.now(),
                Map.of(),
                "");
        layers.versions().put(layer.key(), layer);
        return full(layer);
    }

    /** A template's layer: its last version where that is the same, or a new one. */
    LayerUse adopt(String name, FunctionCode code) {
        Map.Entry<String, LayerRecord> last = layers.versions().of(name).lastEntry();
        LayerRecord layer;
        if (last != null && last.getValue().code().equals(code)) {
            layer = last.getValue();
        } else {
            int number = catalog.next("layer:" + name);
            layer = new LayerRecord(name, number, "", code, null, null, null, life.now(), Map.of(), "");
            layers.versions().put(layer.key(), layer);
        }
        return new LayerUse(layer.arn(), code.sizeBytes(), code.unzippedBytes(), code.sha256());
    }

    private ObjectNode get(OperationInput input) {
        return full(existing(LayerTarget.of(input)));
    }

    private LayerRecord existing(LayerTarget target) {
        LayerRecord layer = layers.find(target.name(), target.version());
        if (layer == null) {
            throw ServiceFault.notFound("The resource you requested does not exist.");
        }
        return layer;
    }

    private ObjectNode getByArn(OperationInput input) {
        return full(existing(LayerTarget.ofArn(input)));
    }

    /** A version that is not there is as good as deleted. */
    private @Nullable JsonNode delete(OperationInput input) {
        LayerTarget target = LayerTarget.of(input);
        LayerRecord layer = layers.versions().remove(LayerCatalog.key(target.name(), target.version()));
        if (layer != null) {
            transaction.then(() -> rollout.deleteUnused(layer.code().sha256()));
        }
        return null;
    }

    private ObjectNode listVersions(OperationInput input) {
        Checks checks = new Checks();
        Wanted wanted = Wanted.of(input, checks);
        String name = LayerTarget.name(input, checks);
        NavigableMap<String, LayerRecord> versions = new TreeMap<>();
        for (LayerRecord layer : layers.versions().of(name).values()) {
            if (wanted.fits(layer)) {
                versions.put(newestFirst(layer), layer);
            }
        }
        Paging<LayerRecord> page = Paging.of(versions, input, MAX_LISTED);
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        page.items().forEach(layer -> shown.add(listed(layer)));
        return page.answer("LayerVersions", shown);
    }

    private static String newestFirst(LayerRecord layer) {
        return LayerCatalog.key(layer.name(), Integer.MAX_VALUE - layer.version());
    }

    private ObjectNode list(OperationInput input) {
        Checks checks = new Checks();
        Wanted wanted = Wanted.of(input, checks);
        checks.refuse();
        Table<LayerRecord> all = layers.versions();
        NavigableMap<String, LayerRecord> newest = new TreeMap<>();
        for (LayerRecord layer : all.all().values()) {
            if (wanted.fits(layer)) {
                newest.put(layer.name(), layer);
            }
        }
        Paging<LayerRecord> page = Paging.of(newest, input, MAX_LISTED);
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        for (LayerRecord layer : page.items()) {
            ObjectNode node = shown.addObject();
            node.put("LayerName", layer.name()).put("LayerArn", LayerCatalog.arn(layer.name()));
            node.set("LatestMatchingVersion", listed(layer));
        }
        return page.answer("Layers", shown);
    }

    /** Which layers a list is to have. */
    private record Wanted(
            @Nullable String runtime, @Nullable String architecture) {
        private static Wanted of(OperationInput input, Checks checks) {
            String runtime = input.query("CompatibleRuntime");
            String architecture = input.query("CompatibleArchitecture");
            if (runtime != null && !Runtimes.isKnown(runtime)) {
                checks.oneOf(runtime, "compatibleRuntime", Runtimes.SUPPORTED);
            }
            checks.oneOf(architecture, "compatibleArchitecture", Creation.ARCHITECTURES);
            return new Wanted(runtime, architecture);
        }

        private boolean fits(LayerRecord layer) {
            return (runtime == null || orNone(layer.runtimes()).contains(runtime))
                    && (architecture == null || orNone(layer.architectures()).contains(architecture));
        }
    }

    private ObjectNode full(LayerRecord layer) {
        ObjectNode node = listed(layer);
        node.put("LayerArn", LayerCatalog.arn(layer.name()));
        node.putObject("Content")
                .put("Location", codeLocation.apply(layer.code().sha256()))
                .put("CodeSha256", layer.code().sha256())
                .put("CodeSize", layer.code().sizeBytes());
        return node;
    }

    private static ObjectNode listed(LayerRecord layer) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("LayerVersionArn", layer.arn());
        node.put("Version", layer.version());
        node.put("Description", layer.description());
        node.put("CreatedDate", layer.createdDate());
        put(node, "CompatibleRuntimes", layer.runtimes());
        put(node, "CompatibleArchitectures", layer.architectures());
        if (layer.license() != null) {
            node.put("LicenseInfo", layer.license());
        }
        return node;
    }

    private static void put(ObjectNode node, String name, @Nullable List<String> values) {
        if (values != null) {
            ArrayNode array = node.putArray(name);
            values.forEach(array::add);
        }
    }
}
