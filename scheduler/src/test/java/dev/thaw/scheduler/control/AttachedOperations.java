package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.control.state.StateStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.CachedEpochClock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The operations on policies and URLs, over a function {@code f} with version 1 and alias {@code live}; nothing else. */
final class AttachedOperations {
    private static final JsonMapper JSON = new JsonMapper();

    final CachedEpochClock clock = new CachedEpochClock();
    final Catalog catalog;
    private final Map<String, OperationHandler> handlers = new HashMap<>();
    private int lastId;

    AttachedOperations() {
        StateStore store = StateStore.inMemory();
        catalog = new Catalog(store);
        catalog.functions().put("f", new FunctionRecord("f", null, Map.of(), "Terminate"));
        for (String version : List.of(VersionRecord.LATEST, "1")) {
            VersionRecord written = new VersionRecord(
                    "f",
                    version,
                    FunctionSettings.defaults("f"),
                    new FunctionCode("", 0, 0, ""),
                    "revision-" + version,
                    "",
                    Progress.ACTIVE,
                    "");
            catalog.versions().put(written.key(), written);
        }
        AliasRecord alias = new AliasRecord("f", "live", "1", "", Map.of(), "revision-live");
        catalog.aliases().put(alias.key(), alias);
        handlers.putAll(new PermissionOperations(catalog, store, this::nextId).handlers());
        handlers.putAll(new FunctionUrlOperations(catalog, store, id -> "http://" + id + ".test/", this::nextId, clock)
                .handlers());
    }

    private String nextId() {
        return "id" + ++lastId;
    }

    /** Calls an operation; {@code body} is JSON with single quotes, query is {@code name=value}. */
    @Nullable
    JsonNode call(String operation, String function, String body, String... query) {
        Map<String, String> labels = new HashMap<>();
        Map<String, List<String>> parameters = new HashMap<>();
        labels.put("FunctionName", function);
        for (String parameter : query) {
            String[] pair = parameter.split("=", 2);
            labels.put(pair[0], pair[1]);
            parameters.put(pair[0], List.of(pair[1]));
        }
        ObjectNode json = (ObjectNode) JSON.readTree(body.replace('\'', '"'));
        OperationHandler handler = handlers.get(operation);
        if (handler == null) {
            throw new AssertionError(operation);
        }
        return handler.handle(new OperationInput("request", labels, parameters, json));
    }

    /** The call is refused with this type and these words. */
    void refused(String type, String message, String operation, String function, String body, String... query) {
        assertThatThrownBy(() -> call(operation, function, body, query))
                .isInstanceOfSatisfying(ServiceFault.class, fault -> {
                    assertThat(fault.errorType()).isEqualTo(type);
                    assertThat(fault.text()).isEqualTo(message);
                });
    }
}
