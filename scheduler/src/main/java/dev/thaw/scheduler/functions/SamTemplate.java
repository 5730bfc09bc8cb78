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
 * Reads the functions of a SAM {@code template.yaml}: resources of type {@code AWS::Serverless::Function} and
 * {@code Globals.Function}. Strict: an unknown property, a bad value, an intrinsic function or another resource type is
 * refused with {@code file:line: key: value, bound}, never skipped. {@code Parameters} and {@code Outputs} have no effect
 * here (nothing can refer to them) and are not looked into.
 */
public final class SamTemplate {
    private static final String FUNCTION_TYPE = "AWS::Serverless::Function";
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters", "Outputs");
    private static final Set<String> RESOURCE_WITHOUT_EFFECT = Set.of("Metadata", "DependsOn");

    private final TemplateNodes nodes;
    private final SamFunctionReader functions;

    private SamTemplate(Path file) {
        nodes = new TemplateNodes(file.toString());
        functions = new SamFunctionReader(nodes, file.toAbsolutePath().resolveSibling(""));
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
            switch (section.key()) {
                case "Globals" -> readGlobals(section.value());
                case "Resources" -> {}
                default -> refuseUnknown(section, WITHOUT_EFFECT, "is no section that is known here");
            }
        }
        Entry resources = sections.get("Resources");
        if (resources == null) {
            throw nodes.refusal(root, "template", "no Resources", "must have Resources");
        }
        return readResources(resources.value());
    }

    private void readGlobals(Node node) {
        for (Entry section : nodes.mapping("Globals", node).values()) {
            if (!section.key().equals("Function")) {
                throw nodes.refusal(section.keyNode(), "Globals", section.key(), "must be Function");
            }
            functions.readGlobals(section.value());
        }
    }

    private List<FunctionConfig> readResources(Node node) {
        List<FunctionConfig> configs = new ArrayList<>();
        for (Entry resource : nodes.mapping("Resources", node).values()) {
            FunctionConfig config = readResource(resource);
            if (configs.stream().anyMatch(other -> other.name().equals(config.name()))) {
                throw nodes.refusal(resource.keyNode(), "FunctionName", config.name(), "must be given once");
            }
            configs.add(config);
        }
        return configs;
    }

    private FunctionConfig readResource(Entry resource) {
        Map<String, Entry> attributes = nodes.mapping(resource.key(), resource.value());
        Entry type = attributes.get("Type");
        if (type == null) {
            throw nodes.refusal(resource.keyNode(), resource.key(), "no Type", "must be " + FUNCTION_TYPE);
        }
        String typeName = nodes.string("Type", type.value());
        nodes.check(
                type.value(),
                resource.key(),
                typeName,
                typeName.equals(FUNCTION_TYPE) ? null : "must be " + FUNCTION_TYPE);
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
        return functions.read(resource, properties.value());
    }

    private void refuseUnknown(Entry entry, Set<String> known, String bound) {
        if (!known.contains(entry.key())) {
            throw nodes.refusal(entry.keyNode(), entry.key(), TemplateNodes.show(entry.value()), bound);
        }
    }
}
