package dev.thaw.scheduler.functions;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML nodes as what they must be, or refuses them with file and line. */
final class TemplateNodes {
    /** Key of a mapping with its value. */
    record Entry(String key, Node keyNode, Node value) {}

    private final String file;
    private final SamReferences references = new SamReferences(this);

    TemplateNodes(String file) {
        this.file = file;
    }

    /** What texts may refer to. */
    SamReferences references() {
        return references;
    }

    /** File and line. */
    String placeOf(Node at) {
        return file + ":" + lineOf(at.getStartMark().orElse(null));
    }

    TemplateException refusal(Node at, String key, Object value, String bound) {
        return new TemplateException(placeOf(at) + ": " + key + ": " + oneLine(String.valueOf(value)) + ", " + bound);
    }

    TemplateException refusal(@Nullable Mark at, String problem) {
        return new TemplateException(file + ":" + lineOf(at) + ": " + oneLine(problem));
    }

    /** Refuses the value where a rule names the bound that it breaks. */
    void check(Node at, String key, Object value, @Nullable String broken) {
        if (broken != null) {
            throw refusal(at, key, value, broken);
        }
    }

    Map<String, Entry> mapping(String key, Node node) {
        refuseIntrinsic(key, node);
        if (!(node instanceof MappingNode mapping)) {
            throw refusal(node, key, show(node), "must be a mapping");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (Intrinsic.isNoValue(tuple.getValueNode())) {
                continue;
            }
            Entry entry = new Entry(string(key, tuple.getKeyNode()), tuple.getKeyNode(), tuple.getValueNode());
            if (entries.put(entry.key(), entry) != null) {
                throw refusal(entry.keyNode(), entry.key(), show(entry.value()), "must be given once");
            }
        }
        return entries;
    }

    List<Node> sequence(String key, Node node) {
        refuseIntrinsic(key, node);
        if (!(node instanceof SequenceNode sequence)) {
            throw refusal(node, key, show(node), "must be a list");
        }
        return new ArrayList<>(sequence.getValue());
    }

    /** A text, references resolved. */
    String string(String key, Node node) {
        Intrinsic call = Intrinsic.of(node);
        return call == null ? plain(key, node) : references.resolve(key, call);
    }

    /** A text as it stands. */
    String plain(String key, Node node) {
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            throw refusal(node, key, show(node), "must be a text");
        }
        return scalar.getValue();
    }

    long integer(String key, Node node) {
        String text = string(key, node);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw refusal(node, key, text, "must be a whole number");
        }
    }

    /** A file or folder that is there, relative to {@code folder}. */
    Path path(Path folder, String key, Node node, String bound) {
        String text = string(key, node);
        try {
            Path path = folder.resolve(text).normalize();
            check(node, key, text, Files.exists(path) ? null : bound);
            return path;
        } catch (InvalidPathException e) {
            throw refusal(node, key, text, bound);
        }
    }

    /** What {@code !Ref NAME} or {@code Ref: NAME} names; null where the node is neither. */
    static @Nullable String reference(Node node) {
        Intrinsic call = Intrinsic.of(node);
        return call != null && call.name().equals("Ref") && call.argument() instanceof ScalarNode name
                ? name.getValue()
                : null;
    }

    static String show(Node node) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getValue();
            case SequenceNode sequence -> "a list of " + sequence.getValue().size();
            case MappingNode mapping -> "a mapping of " + mapping.getValue().size();
            default -> node.getTag().toString();
        };
    }

    private void refuseIntrinsic(String key, Node node) {
        Intrinsic call = Intrinsic.of(node);
        if (call != null) {
            throw refusal(
                    node, key, "!" + call.name() + " " + show(call.argument()), "is a text, give the value itself");
        }
    }

    private static int lineOf(@Nullable Mark mark) {
        return mark == null ? 1 : mark.getLine() + 1;
    }

    private static String oneLine(String text) {
        String line = text.replace('\n', ' ').replace('\r', ' ').strip();
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
