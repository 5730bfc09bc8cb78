package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.control.state.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What templates have made beside their functions, kept with the state: so that what a template says no more is taken
 * away, and what others have made is not. Two operations that no path of the API leads to.
 *
 * <p>Threading: the control plane's thread.
 */
final class TemplateMemory {
    static final String RECALL = "TemplateRecall";
    static final String REMEMBER = "TemplateRemember";

    private static final JsonMapper JSON = new JsonMapper();

    /** In the order in which they can be taken away. */
    enum Kind {
        MAPPING,
        PERMISSION,
        URL,
        EVENT_INVOKE,
        PROVISIONED,
        RESERVED,
        DEAD_LETTER,
        SNAP_START,
        ALIAS
    }

    /**
     * One thing made.
     *
     * @param qualifier what it belongs to; null for the function itself
     * @param detail what names it among its kind, or was said of it
     */
    record Made(Kind kind, @Nullable String qualifier, String detail) {
        boolean isOf(Made other) {
            return kind == other.kind && Objects.equals(qualifier, other.qualifier) && name().equals(other.name());
        }

        /** Of a kind that there may be several of. */
        String name() {
            return kind == Kind.URL ? "" : detail.split(" ", -1)[0];
        }
    }

    /** What one function's template has made. */
    record MadeList(List<Made> made) {
        MadeList {
            made = List.copyOf(made);
        }
    }

    private final Table<MadeList> functions;

    TemplateMemory(StateStore store) {
        functions = store.table("template", Codec.json(JSON, MadeList.class));
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(RECALL, this::recall, REMEMBER, this::remember);
    }

    static MadeList read(tools.jackson.databind.JsonNode node) {
        return node.isEmpty() ? new MadeList(List.of()) : JSON.treeToValue(node, MadeList.class);
    }

    static ObjectNode write(List<Made> made) {
        return JSON.valueToTree(new MadeList(made));
    }

    private ObjectNode recall(OperationInput input) {
        MadeList made = functions.get(input.label("FunctionName"));
        return made == null ? JSON.createObjectNode() : write(made.made());
    }

    private ObjectNode remember(OperationInput input) {
        MadeList made = read(input.body());
        if (made.made().isEmpty()) {
            functions.remove(input.label("FunctionName"));
        } else {
            functions.put(input.label("FunctionName"), made);
        }
        return JSON.createObjectNode();
    }
}
