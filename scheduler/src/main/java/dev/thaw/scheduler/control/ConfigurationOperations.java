package dev.thaw.scheduler.control;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes the settings of {@code $LATEST}.
 *
 * <p>Threading: the control plane's thread.
 */
final class ConfigurationOperations {
    private final Catalog catalog;
    private final LayerCatalog layers;
    private final TargetRules targets;
    private final FunctionLife life;

    ConfigurationOperations(Catalog catalog, LayerCatalog layers, TargetRules targets, FunctionLife life) {
        this.catalog = catalog;
        this.layers = layers;
        this.targets = targets;
        this.life = life;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of("UpdateFunctionConfiguration", this::update);
    }

    private ObjectNode update(OperationInput input) {
        Body body = new Body(input.body());
        // Constraints first, and they do not depend on what is there; then what is there, and then the rest.
        Checks checks = new Checks();
        new SettingsReader(body, checks, FunctionSettings.defaults("")).read();
        List<String> arns = layers.read(body, checks);
        VersionRecord latest = catalog.latest(FunctionTarget.of(input, checks));
        FunctionSettings settings = new SettingsReader(body, new Checks(), latest.settings()).read();
        SettingsReader.refuseWithoutEffect(body);
        targets.checkDeadLetters(body);
        SettingsReader.finish(settings, arns);
        if (arns != null) {
            settings = settings.withLayers(layers.resolve(arns));
            CodeOperations.checkSize(settings, latest.code());
        }
        FunctionLife.checkChangeable(latest, body.string("RevisionId"));
        VersionRecord changed = life.begin(latest.name(), settings, latest.code(), Progress.UPDATING);
        return FunctionJson.full(changed, Catalog.arn(latest.name(), null));
    }
}
