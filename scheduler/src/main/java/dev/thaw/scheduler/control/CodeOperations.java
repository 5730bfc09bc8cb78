package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.PackageRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates functions and gives them new code. Packages are checked and unpacked ahead, beside the control plane's thread.
 *
 * <p>Threading: the control plane's threads, as {@link LongOperation} says.
 */
final class CodeOperations {
    private final Catalog catalog;
    private final LayerCatalog layers;
    private final TargetRules targets;
    private final PackageSource source;
    private final ImageSource images;
    private final FunctionLife life;
    private final Rollout rollout;

    CodeOperations(
            Catalog catalog,
            LayerCatalog layers,
            TargetRules targets,
            PackageSource source,
            ImageSource images,
            FunctionLife life,
            Rollout rollout) {
        this.catalog = catalog;
        this.layers = layers;
        this.targets = targets;
        this.source = source;
        this.images = images;
        this.life = life;
        this.rollout = rollout;
    }

    Map<String, OperationHandler> handlers() {
        LongOperation create = this::prepareCreate;
        LongOperation update = this::prepareUpdate;
        return Map.of("CreateFunction", create, "UpdateFunctionCode", update);
    }

    private LongOperation.Step prepareCreate(OperationInput input) {
        Body body = new Body(input.body());
        Creation creation = Creation.read(body, layers, targets);
        Body code = body.structure("Code");
        if (code == null) {
            throw new IllegalStateException("checked when it was read");
        }
        return take(code, creation.settings().isImage(), "code.")
                .step(taken -> create(creation, taken), source, rollout);
    }

    private PreparedCode take(Body body, boolean image, String prefix) {
        String imageUri = body.string("ImageUri");
        if (!image) {
            return PreparedCode.of(source.take(body, prefix));
        }
        if (imageUri == null) {
            throw ServiceFault.invalidParameter("Please provide ImageUri when packageType is Image.");
        }
        FunctionCode found = images.find(imageUri);
        return PreparedCode.of(found, source.keep(found));
    }

    ObjectNode create(Creation creation, FunctionCode code) {
        String name = creation.name();
        if (catalog.hasFunction(name)) {
            throw ServiceFault.conflict("Function already exist: " + name);
        }
        FunctionSettings settings = creation.settings().withLayers(layers.resolve(creation.layers()));
        checkSize(settings, code);
        catalog.functions().put(name, FunctionRecord.of(name, creation.tags()));
        VersionRecord latest = life.begin(name, settings, code, Progress.CREATING);
        VersionRecord shown = creation.publish() ? life.publish(latest, null, Progress.CREATING) : latest;
        return FunctionJson.full(shown, Catalog.arn(name, null));
    }

    private LongOperation.Step prepareUpdate(OperationInput input) {
        Body body = new Body(input.body());
        Checks checks = new Checks();
        String architecture = Creation.architecture(body, checks);
        FunctionTarget target = FunctionTarget.of(input, checks);
        CodeUpdate update = new CodeUpdate(
                target, architecture, body.flag("Publish"), body.flag("DryRun"), body.string("RevisionId"));
        boolean image = body.string("ImageUri") != null;
        return take(body, image, "").step(taken -> update(update, taken), source, rollout);
    }

    /** What a request for new code says beside the code. */
    private record CodeUpdate(
            FunctionTarget target,
            @Nullable String architecture,
            boolean publish,
            boolean dryRun,
            @Nullable String revisionId) {}

    private ObjectNode update(CodeUpdate update, FunctionCode code) {
        VersionRecord latest = catalog.latest(update.target);
        FunctionLife.checkChangeable(latest, update.revisionId);
        checkPackageType(latest, code);
        String architecture = update.architecture;
        FunctionSettings settings =
                architecture == null ? latest.settings() : latest.settings().withArchitecture(architecture);
        checkSize(settings, code);
        String name = latest.name();
        if (update.dryRun) {
            return FunctionJson.full(latest.with(settings, code), Catalog.arn(name, null));
        }
        VersionRecord changed = life.begin(name, settings, code, Progress.UPDATING);
        if (!update.publish) {
            return FunctionJson.full(changed, Catalog.arn(name, null));
        }
        VersionRecord published = life.publish(changed, null, Progress.CREATING);
        return FunctionJson.full(published, Catalog.arn(name, published.version()));
    }

    private static void checkPackageType(VersionRecord latest, FunctionCode code) {
        if (latest.settings().isImage() && !code.isImage()) {
            throw ServiceFault.invalidParameter(
                    "Please provide ImageUri when updating a function with packageType Image.");
        }
        if (!latest.settings().isImage() && code.isImage()) {
            throw ServiceFault.invalidParameter(
                    "Please don't provide ImageUri when updating a function with packageType Zip.");
        }
    }

    /** Package and layers together. */
    static void checkSize(FunctionSettings settings, FunctionCode code) {
        long unzippedBytes = code.unzippedBytes();
        for (LayerUse layer : settings.layers()) {
            unzippedBytes += layer.unzippedBytes();
        }
        if (unzippedBytes > PackageRules.MAX_UNZIPPED_BYTES) {
            throw ServiceFault.invalidParameter(
                    "Function code combined with layers exceeds the maximum allowed size of "
                            + PackageRules.MAX_UNZIPPED_BYTES + " bytes. The actual size is " + unzippedBytes
                            + " bytes.");
        }
    }
}
