package dev.thaw.scheduler.functions;

import dev.thaw.results.CauseText;
import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the functions of a SAM {@code template.yaml}: resources of type {@code AWS::Serverless::Function}, the
 * {@code AWS::Serverless::LayerVersion} that they refer to, and {@code Globals.Function}. References are resolved
 * ({@link SamReferences}). Strict: an unknown property, a bad value, an unresolved reference or another resource type is
 * refused with {@code file:line: key: value, bound}, never skipped. {@code Outputs} have no effect here and are not looked
 * into.
 */
public final class SamTemplate {
    private static final String FUNCTION_TYPE = "AWS::Serverless::Function";
    private static final String TYPE_BOUND =
            "must be " + FUNCTION_TYPE + ", " + SamLayers.TYPE + ", or a queue, topic, bucket, event bus or table";
    private static final Set<String> READ = Set.of("Globals", "Parameters", "Resources");
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Outputs");
    private static final Set<String> NOT_SERVED = Set.of(
            "Conditions", "Mappings", "Rules", "Hooks", "Condition", "CreationPolicy", "UpdatePolicy", "Connectors");
    private static final Set<String> RESOURCE_WITHOUT_EFFECT =
            Set.of("Metadata", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy");
    private static final Set<String> GLOBALS_WITHOUT_EFFECT = Set.of("Api", "HttpApi", "SimpleTable", "StateMachine");

    private final TemplateNodes nodes;
    private final SamLayers layers;
    private final SamFunctionReader functions;

    /** A resource, with what it is and what it has. */
    private record Resource(
            Entry entry, String type, @Nullable Node properties) {}

    private SamTemplate(Path file) {
        nodes = new TemplateNodes(file.toString());
        Path folder = file.toAbsolutePath().resolveSibling("");
        layers = new SamLayers(nodes, folder);
        functions = new SamFunctionReader(nodes, folder, layers);
    }

    /** The functions of the file, in its order. Paths in it are relative to its folder. */
    public static List<FunctionConfig> read(Path file) {
        return readAll(file).stream().map(TemplateFunction::config).toList();
    }

    /** The same with all that the file says of them. */
    public static List<TemplateFunction> readAll(Path file) {
        return new SamTemplate(file).readFile(file);
    }

    private List<TemplateFunction> readFile(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            Node root = new BoundedComposer(settings, reader)
                    .getSingleNode()
                    .orElseThrow(() -> new TemplateException(file + ":1: template: empty, must have Resources"));
            return readRoot(root);
        } catch (MarkedYamlEngineException e) {
            throw nodes.refusal(e.getProblemMark().orElse(null), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw e.getCause() instanceof IOException unreadable
                    ? unreadable(file, unreadable)
                    : nodes.refusal(null, "not YAML: " + e.getMessage());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static TemplateException unreadable(Path file, IOException cause) {
        return new TemplateException(file + ": cannot be read: " + CauseText.of(cause));
    }

    private List<TemplateFunction> readRoot(Node root) {
        Map<String, Entry> sections = nodes.mapping("template", root);
        for (Entry section : sections.values()) {
            if (!READ.contains(section.key())) {
                refuseUnknown(section, WITHOUT_EFFECT, "is no section that is known here");
            }
        }
        Entry resources = sections.get("Resources");
        if (resources == null) {
            throw nodes.refusal(root, "template", "no Resources", "must have Resources");
        }
        Entry parameters = sections.get("Parameters");
        if (parameters != null) {
            nodes.references().readParameters(parameters.value());
        }
        List<Resource> ofFunctions = readResources(resources.value());
        Entry globals = sections.get("Globals");
        if (globals != null) {
            readGlobals(globals.value());
        }
        return readFunctions(ofFunctions);
    }

    private void readGlobals(Node node) {
        for (Entry section : nodes.mapping("Globals", node).values()) {
            if (section.key().equals("Function")) {
                functions.readGlobals(section.value());
            } else {
                refuseUnknown(section, GLOBALS_WITHOUT_EFFECT, "must be Function");
            }
        }
    }

    /** Layers first: globals and functions refer to them, wherever they stand. */
    private List<Resource> readResources(Node node) {
        List<Resource> ofFunctions = new ArrayList<>();
        List<Resource> ofLayers = new ArrayList<>();
        for (Entry entry : nodes.mapping("Resources", node).values()) {
            Resource resource = readResource(entry);
            nodes.references().add(entry.key(), resource.type(), resource.properties());
            if (resource.type().equals(SamLayers.TYPE)) {
                ofLayers.add(resource);
            } else if (resource.type().equals(FUNCTION_TYPE)) {
                ofFunctions.add(resource);
            }
        }
        for (Resource layer : ofLayers) {
            layers.read(layer.entry(), properties(layer));
        }
        return ofFunctions;
    }

    private List<TemplateFunction> readFunctions(List<Resource> resources) {
        List<TemplateFunction> read = new ArrayList<>();
        for (Resource resource : resources) {
            TemplateFunction function = functions.read(resource.entry(), properties(resource));
            FunctionConfig config = function.config();
            if (read.stream().anyMatch(other -> other.config().name().equals(config.name()))) {
                throw nodes.refusal(resource.entry().keyNode(), "FunctionName", config.name(), "must be given once");
            }
            read.add(function);
        }
        return read;
    }

    private Resource readResource(Entry resource) {
        Map<String, Entry> attributes = nodes.mapping(resource.key(), resource.value());
        Entry type = attributes.get("Type");
        if (type == null) {
            throw nodes.refusal(resource.keyNode(), resource.key(), "no Type", TYPE_BOUND);
        }
        String typeName = nodes.string("Type", type.value());
        boolean known = typeName.equals(FUNCTION_TYPE)
                || typeName.equals(SamLayers.TYPE)
                || SamReferences.NAMED.containsKey(typeName);
        nodes.check(type.value(), resource.key(), typeName, known ? null : TYPE_BOUND);
        Entry properties = null;
        for (Entry attribute : attributes.values()) {
            switch (attribute.key()) {
                case "Type" -> {}
                case "Properties" -> properties = attribute;
                default -> refuseUnknown(attribute, RESOURCE_WITHOUT_EFFECT, "is no attribute that is known here");
            }
        }
        return new Resource(resource, typeName, properties == null ? null : properties.value());
    }

    private Node properties(Resource resource) {
        Node properties = resource.properties();
        if (properties == null) {
            throw nodes.refusal(
                    resource.entry().keyNode(), resource.entry().key(), "no Properties", "must have Properties");
        }
        return properties;
    }

    private void refuseUnknown(Entry entry, Set<String> taken, String bound) {
        if (!taken.contains(entry.key())) {
            String problem = NOT_SERVED.contains(entry.key()) ? "is not served" : bound;
            throw nodes.refusal(entry.keyNode(), entry.key(), TemplateNodes.show(entry.value()), problem);
        }
    }
}
