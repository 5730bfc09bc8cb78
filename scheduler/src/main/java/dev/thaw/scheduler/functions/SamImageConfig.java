package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.TemplateNodes.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code ImageConfig} of a function in a template. */
final class SamImageConfig {
    private final TemplateNodes nodes;

    SamImageConfig(TemplateNodes nodes) {
        this.nodes = nodes;
    }

    ImageConfig read(Node node) {
        List<String> entryPoint = null;
        List<String> command = null;
        String directory = null;
        for (Entry entry : nodes.mapping("ImageConfig", node).values()) {
            switch (entry.key()) {
                case "EntryPoint" -> entryPoint = entryPoint(entry.value());
                case "Command" -> command = words("ImageConfig.Command", entry.value());
                case "WorkingDirectory" -> {
                    directory = nodes.string("ImageConfig.WorkingDirectory", entry.value());
                    check(entry.value(), "WorkingDirectory", directory);
                }
                default ->
                    throw nodes.refusal(
                            entry.keyNode(),
                            "ImageConfig",
                            entry.key(),
                            "must be EntryPoint, Command or WorkingDirectory");
            }
        }
        return new ImageConfig(entryPoint, command, directory);
    }

    private List<String> entryPoint(Node node) {
        List<String> words = words("ImageConfig.EntryPoint", node);
        if (!words.isEmpty()) {
            check(node, "EntryPoint", words.getFirst());
        }
        return words;
    }

    private void check(Node node, String key, @Nullable String path) {
        String shown = String.valueOf(path);
        nodes.check(node, "ImageConfig." + key, shown, FunctionRules.absolutePath(shown));
    }

    private List<String> words(String key, Node node) {
        List<String> words = new ArrayList<>();
        for (Node word : nodes.sequence(key, node)) {
            words.add(nodes.string(key, word));
        }
        nodes.check(node, key, words.size(), FunctionRules.imageWords(words.size()));
        return words;
    }
}
