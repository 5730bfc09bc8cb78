package dev.thaw.scheduler.functions;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A function of a template: what it runs, and what else the template says of it, which the management API has operations
 * for.
 *
 * @param layerNames of the configuration's layers, in their order
 * @param settings by the template's names; only what is said
 */
public record TemplateFunction(FunctionConfig config, List<String> layerNames, Map<String, Setting> settings) {
    public TemplateFunction {
        if (layerNames.size() != config.layers().size()) {
            throw new IllegalArgumentException("layerNames: " + layerNames + ", must be as many as layers");
        }
        layerNames = List.copyOf(layerNames);
        settings = Map.copyOf(settings);
    }

    /** One that nothing else is said of; its layers are called as their folders are. */
    public static TemplateFunction of(FunctionConfig config) {
        return new TemplateFunction(
                config,
                config.layers().stream()
                        .map(layer -> SamLayers.nameOf(layer.getFileName()))
                        .toList(),
                Map.of());
    }

    /**
     * One property, references resolved.
     *
     * @param at file and line, for whoever refuses it
     */
    public record Setting(String at, JsonNode value) {}
}
