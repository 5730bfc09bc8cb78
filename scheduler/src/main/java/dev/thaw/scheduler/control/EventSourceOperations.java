package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.control.state.Table;
import dev.thaw.scheduler.events.source.EventSources;
import dev.thaw.scheduler.events.source.SourceMapping;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Event source mappings: kept in the store, at work in {@link EventSources} once they are durable. A mapping outlives its
 * function, as the service's do.
 *
 * <p>Threading: the control plane's thread.
 */
public final class EventSourceOperations {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ARN_PREFIX = "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:";
    private static final String USER = "USER_INITIATED";
    private static final String PROBLEM = "PROBLEM";
    private static final String NO_RECORDS = "No records processed";
    private static final int MAX_ITEMS = 10_000;

    private final Catalog catalog;
    /** By UUID. */
    private final Table<SourceMapping> mappings;

    private final Transaction transaction;
    private final EventSources sources;
    private final Supplier<String> ids;
    private final EpochClock clock;

    /** Keeps the mappings in the store; {@code ids} makes UUIDs. */
    public EventSourceOperations(
            Catalog catalog,
            StateStore store,
            Transaction transaction,
            EventSources sources,
            Supplier<String> ids,
            EpochClock clock) {
        this.catalog = catalog;
        this.mappings = store.table("event-source-mapping", Codec.json(JSON, SourceMapping.class));
        this.transaction = transaction;
        this.sources = sources;
        this.ids = ids;
        this.clock = clock;
    }

    /** By the names that the service model gives them. */
    public Map<String, OperationHandler> handlers() {
        return Map.of(
                "CreateEventSourceMapping", this::create,
                "GetEventSourceMapping", this::get,
                "UpdateEventSourceMapping", this::update,
                "DeleteEventSourceMapping", this::delete,
                "ListEventSourceMappings", this::list);
    }

    /** Goes on with the mappings that the store has; once, when their functions are there. */
    public void resume() {
        mappings.all().values().forEach(sources::put);
    }

    private ObjectNode create(OperationInput input) {
        SourceMappingRequest request = new SourceMappingRequest(input);
        FunctionTarget function = existing(request.function(true));
        String uuid = ids.get();
        SourceMapping.Source source = request.source(sources, uuid);
        refuseSecond(source, function);
        SourceMapping mapping = new SourceMapping(
                uuid, function.arn(), request.enabled(true), source, request.delivery(source, null), clock.time());
        keep(mapping);
        return output(mapping, "Creating");
    }

    private ObjectNode get(OperationInput input) {
        SourceMapping mapping = found(input);
        return output(mapping, sources.state(mapping));
    }

    private ObjectNode update(OperationInput input) {
        SourceMapping old = found(input);
        SourceMappingRequest request = new SourceMappingRequest(input);
        FunctionTarget function = request.function(false);
        boolean enabled = request.enabled(old.enabled());
        SourceMapping mapping = new SourceMapping(
                old.uuid(),
                function == null ? old.functionArn() : existing(function).arn(),
                enabled,
                old.source(),
                request.delivery(old.source(), old.delivery()),
                clock.time());
        keep(mapping);
        String state = enabled == old.enabled() ? "Updating" : enabled ? "Enabling" : "Disabling";
        return output(mapping, state);
    }

    private ObjectNode delete(OperationInput input) {
        SourceMapping mapping = found(input);
        mappings.remove(mapping.uuid());
        transaction.then(() -> sources.remove(mapping.uuid()));
        return output(mapping, "Deleting");
    }

    private ObjectNode list(OperationInput input) {
        String arn = input.query("EventSourceArn");
        String name = input.query("FunctionName");
        String functionArn =
                name == null ? null : FunctionTarget.named(name, new Checks()).arn();
        NavigableMap<String, SourceMapping> wanted = new TreeMap<>(mappings.all());
        wanted.values()
                .removeIf(
                        mapping -> (arn != null && !arn.equals(mapping.source().arn()))
                                || (functionArn != null && !functionArn.equals(mapping.functionArn())));
        Paging<SourceMapping> page = Paging.of(wanted, input, MAX_ITEMS);
        ObjectNode output = JSON.createObjectNode();
        ArrayNode shown = output.putArray("EventSourceMappings");
        page.items().forEach(mapping -> shown.add(output(mapping, sources.state(mapping))));
        if (page.nextMarker() != null) {
            output.put("NextMarker", page.nextMarker());
        }
        return output;
    }

    private void keep(SourceMapping mapping) {
        mappings.put(mapping.uuid(), mapping);
        transaction.then(() -> sources.put(mapping));
    }

    private FunctionTarget existing(@Nullable FunctionTarget function) {
        if (function == null || !catalog.has(function.name(), function.qualifier())) {
            throw ServiceFault.invalidParameter("Function does not exist");
        }
        return function;
    }

    private void refuseSecond(SourceMapping.Source source, FunctionTarget function) {
        for (SourceMapping other : mappings.all().values()) {
            boolean same = Objects.equals(other.source().arn(), source.arn())
                    && Objects.equals(other.source().topic(), source.topic())
                    && (source.readsQueue()
                            || !Collections.disjoint(other.source().bootstrapServers(), source.bootstrapServers()));
            if (same && other.functionArn().equals(function.arn())) {
                throw ServiceFault.conflict((source.readsQueue()
                                ? "An event source mapping with SQS arn (\" " + source.arn() + " \") and function (\" "
                                        + function.name() + " \")"
                                : "An event source mapping with event source (\""
                                        + String.join(",", source.bootstrapServers()) + "\"), function (\""
                                        + function.arn() + "\"), topics (\"" + source.topic() + "\")")
                        + " already exists. Please update or delete the existing mapping with UUID "
                        + other.uuid());
            }
        }
    }

    private SourceMapping found(OperationInput input) {
        SourceMapping mapping = mappings.get(input.label("UUID"));
        if (mapping == null) {
            throw ServiceFault.notFound("The resource you requested does not exist.");
        }
        return mapping;
    }

    private ObjectNode output(SourceMapping mapping, String state) {
        String refusal = sources.refusal(mapping.source());
        String last = sources.lastResult(mapping.uuid());
        ObjectNode output = SourceMappingJson.write(mapping);
        output.put("EventSourceMappingArn", ARN_PREFIX + mapping.uuid());
        output.put("State", state);
        output.put("StateTransitionReason", refusal == null ? USER : refusal);
        if (!mapping.source().readsQueue()) {
            output.put("LastProcessingResult", last == null ? NO_RECORDS : last);
        } else if (last != null && last.startsWith(PROBLEM)) {
            output.put("LastProcessingResult", last);
        }
        return output;
    }
}
