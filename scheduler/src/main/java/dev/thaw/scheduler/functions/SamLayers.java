package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Layers of a template: folders and zips, given as such or as a resource {@code AWS::Serverless::LayerVersion} that
 * functions name by {@code !Ref}.
 */
final class SamLayers {
    static final String TYPE = "AWS::Serverless::LayerVersion";

    /** Accepted, and of no effect: the service does not hold functions to them either. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "CompatibleArchitectures",
            "CompatibleRuntimes",
            "Description",
            "LayerName",
            "LicenseInfo",
            "RetentionPolicy");

    private final TemplateNodes nodes;
    private final Path folder;
    private final Map<String, Path> resources = new HashMap<>();

    SamLayers(TemplateNodes nodes, Path folder) {
        this.nodes = nodes;
        this.folder = folder;
    }

    void read(Entry resource, Node properties) {
        for (Entry property : nodes.mapping("Properties", properties).values()) {
            if (property.key().equals("ContentUri")) {
                resources.put(resource.key(), path("ContentUri", property.value()));
            } else if (!WITHOUT_EFFECT.contains(property.key())) {
                String shown = TemplateNodes.show(property.value());
                throw nodes.refusal(property.keyNode(), property.key(), shown, "is no property of " + TYPE);
            }
        }
        if (!resources.containsKey(resource.key())) {
            throw nodes.refusal(resource.keyNode(), "ContentUri", "missing in " + resource.key(), "must be given");
        }
    }

    /** The folder or zip that an entry of a function's {@code Layers} means. */
    Path resolve(Node layer) {
        String name = TemplateNodes.reference(layer);
        if (name == null) {
            return path("Layers", layer);
        }
        Path path = resources.get(name);
        if (path == null) {
            throw nodes.refusal(layer, "Layers", "!Ref " + name, "must be an " + TYPE + " of this template");
        }
        return path;
    }

    private Path path(String key, Node node) {
        return nodes.path(folder, key, node, "must be a folder or a zip here");
    }
}
