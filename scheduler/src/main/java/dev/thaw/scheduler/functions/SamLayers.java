package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Layers of a template: folders and zips, given as such or as a resource {@code AWS::Serverless::LayerVersion} that
 * functions name by {@code !Ref}.
 */
final class SamLayers {
    static final String TYPE = "AWS::Serverless::LayerVersion";

    /** Accepted, and of no effect: the service does not hold functions to them either. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("CompatibleArchitectures", "CompatibleRuntimes", "Description", "LicenseInfo", "RetentionPolicy");

    private static final int MAX_NAME_LENGTH = 64;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9-_]{1,140}");

    private final TemplateNodes nodes;
    private final Path folder;
    private final Map<String, Layer> resources = new HashMap<>();

    /** A folder or zip, and what it is called. */
    record Layer(String name, Path path) {}

    SamLayers(TemplateNodes nodes, Path folder) {
        this.nodes = nodes;
        this.folder = folder;
    }

    void read(Entry resource, Node properties) {
        String name = resource.key();
        Path path = null;
        for (Entry property : nodes.mapping("Properties", properties).values()) {
            if (property.key().equals("ContentUri")) {
                path = path("ContentUri", property.value());
            } else if (property.key().equals("LayerName")) {
                name = nodes.string("LayerName", property.value());
                boolean fits = NAME.matcher(name).matches();
                nodes.check(property.value(), "LayerName", name, fits ? null : "must match " + NAME.pattern());
            } else if (!WITHOUT_EFFECT.contains(property.key())) {
                String shown = TemplateNodes.show(property.value());
                throw nodes.refusal(property.keyNode(), property.key(), shown, "is no property of " + TYPE);
            }
        }
        if (path == null) {
            throw nodes.refusal(resource.keyNode(), "ContentUri", "missing in " + resource.key(), "must be given");
        }
        resources.put(resource.key(), new Layer(name, path));
    }

    /** The layer that an entry of a function's {@code Layers} means; one without a resource is called by its path. */
    Layer resolve(Node layer) {
        String name = TemplateNodes.reference(layer);
        if (name == null) {
            Path path = path("Layers", layer);
            return new Layer(nameOf(folder.relativize(path)), path);
        }
        Layer known = resources.get(name);
        if (known == null) {
            throw nodes.refusal(layer, "Layers", "!Ref " + name, "must be an " + TYPE + " of this template");
        }
        return known;
    }

    /** Folders of one name in different places are different layers. */
    static String nameOf(Path path) {
        String name = path.toString().replaceAll("[^a-zA-Z0-9-_]+", "-").replaceAll("^-|-$", "");
        return name.substring(Math.max(0, name.length() - MAX_NAME_LENGTH));
    }

    private Path path(String key, Node node) {
        return nodes.path(folder, key, node, "must be a folder or a zip here");
    }
}
