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
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the functions of a SAM {@code template.yaml}: resources of type {@code AWS::Serverless::Function}, the
 * {@code AWS::Serverless::LayerVersion} that they refer to, and {@code Globals.Function}. Strict: an unknown property, a bad value, an intrinsic function or another resource type is
 * refused with {@code file:line: key: value, bound}, never skipped. {@code Parameters} and {@code Outputs} have no effect
 * here (nothing else can be referred to) and are not looked into.
 */
public final class SamTemplate {
    private static final String FUNCTION_TYPE = "AWS::Serverless::Function";
    private static final String TYPE_BOUND = "must be " + FUNCTION_TYPE + " or " + SamLayers.TYPE;
    private static final Set<String> READ = Set.of("Globals", "Resources");
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters", "Outputs");
    private static final Set<String> RESOURCE_WITHOUT_EFFECT = Set.of("Metadata", "DependsOn");

    private final TemplateNodes nodes;
    private final SamLayers layers;
    private final SamFunctionReader functions;

    /** A resource, with what it is and what it has. */
    private record Resource(Entry entry, String type, Node properties) {}

    private SamTemplate(Path file) {
        nodes = new TemplateNodes(file.toString());
        Path folder = file.toAbsolutePath().resolveSibling("");
        layers = new SamLayers(nodes, folder);
        functions = new SamFunctionReader(nodes, folder, layers);
    }

    /** The functions of the file, in its order. Paths in it are relative to its folder. */
    public static List<FunctionConfig> read(Path file) {
        return new SamTemplate(file).readFile(file);
    }

    private List<FunctionConfig> readFile(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            Node root = new Compose(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .composeReader(reader)
                    .orElseThrow(() -> new TemplateException(file + ":1: template: empty, must have Resources"));
            return readRoot(root);
        } catch (MarkedYamlEngineException e) {
            throw nodes.refusal(e.getProblemMark().orElse(null), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw nodes.refusal(null, "not YAML: " + e.getMessage());
        } catch (IOException e) {
            throw new TemplateException(file + ": cannot be read: " + CauseText.of(e));
        }
    }

    private List<FunctionConfig> readRoot(Node root) {
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
        List<Resource> ofFunctions = readResources(resources.value());
        Entry globals = sections.get("Globals");
        if (globals != null) {
            readGlobals(globals.value());
        }
        return readFunctions(ofFunctions);
    }

    private void readGlobals(Node node) {
        for (Entry section : nodes.mapping("Globals", node).values()) {
            if (!section.key().equals("Function")) {
                throw nodes.refusal(section.keyNode(), "Globals", section.key(), "must be Function");
            }
            functions.readGlobals(section.value());
        }
    }

    /** Layers first: globals and functions refer to them, wherever they stand. */
    private List<Resource> readResources(Node node) {
        List<Resource> ofFunctions = new ArrayList<>();
        for (Entry entry : nodes.mapping("Resources", node).values()) {
            Resource resource = readResource(entry);
            if (resource.type().equals(SamLayers.TYPE)) {
                layers.read(entry, resource.properties());
            } else {
                ofFunctions.add(resource);
            }
        }
        return ofFunctions;
    }

    private List<FunctionConfig> readFunctions(List<Resource> resources) {
        List<FunctionConfig> configs = new ArrayList<>();
        for (Resource resource : resources) {
            FunctionConfig config = functions.read(resource.entry(), resource.properties());
            if (configs.stream().anyMatch(other -> other.name().equals(config.name()))) {
                throw nodes.refusal(resource.entry().keyNode(), "FunctionName", config.name(), "must be given once");
            }
            configs.add(config);
        }
        return configs;
    }

    private Resource readResource(Entry resource) {
        Map<String, Entry> attributes = nodes.mapping(resource.key(), resource.value());
        Entry type = attributes.get("Type");
        if (type == null) {
            throw nodes.refusal(resource.keyNode(), resource.key(), "no Type", TYPE_BOUND);
        }
        String typeName = nodes.string("Type", type.value());
        boolean known = typeName.equals(FUNCTION_TYPE) || typeName.equals(SamLayers.TYPE);
        nodes.check(type.value(), resource.key(), typeName, known ? null : TYPE_BOUND);
        Entry properties = null;
        for (Entry attribute : attributes.values()) {
            switch (attribute.key()) {
                case "Type" -> {}
                case "Properties" -> properties = attribute;
                default -> refuseUnknown(attribute, RESOURCE_WITHOUT_EFFECT, "is no attribute that is known here");
            }
        }
        if (properties == null) {
            throw nodes.refusal(resource.keyNode(), resource.key(), "no Properties", "must have Properties");
        }
        return new Resource(resource, typeName, properties.value());
    }

    private void refuseUnknown(Entry entry, Set<String> known, String bound) {
        if (!known.contains(entry.key())) {
            throw nodes.refusal(entry.keyNode(), entry.key(), TemplateNodes.show(entry.value()), bound);
        }
    }
}
