package dev.thaw.scheduler.functions;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A function of a template: what it runs, and what else the template says of it, which the management API has operations
 * for.
 *
 * @param settings by the template's names; only what is said
 */
public record TemplateFunction(FunctionConfig config, Map<String, Setting> settings) {
    public TemplateFunction {
        settings = Map.copyOf(settings);
    }

    /**
     * One property, references resolved.
     *
     * @param at file and line, for whoever refuses it
     */
    public record Setting(String at, JsonNode value) {}
}
