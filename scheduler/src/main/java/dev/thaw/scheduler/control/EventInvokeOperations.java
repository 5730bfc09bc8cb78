package dev.thaw.scheduler.control;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What functions, versions and aliases ask for of their asynchronous invocations (contract.md section 6.2).
 *
 * <p>Threading: the control plane's thread.
 */
final class EventInvokeOperations {
    private static final Pattern DESTINATION = Pattern.compile(
            "$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)");
    private static final int MAX_LISTED = 50;

    private final Catalog catalog;
    private final Transaction transaction;
    private final FunctionLife life;
    private final TargetRules targets;

    EventInvokeOperations(Catalog catalog, Transaction transaction, FunctionLife life, TargetRules targets) {
        this.catalog = catalog;
        this.transaction = transaction;
        this.life = life;
        this.targets = targets;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(
                "PutFunctionEventInvokeConfig", this::put,
                "UpdateFunctionEventInvokeConfig", this::update,
                "GetFunctionEventInvokeConfig", this::get,
                "DeleteFunctionEventInvokeConfig", this::delete,
                "ListFunctionEventInvokeConfigs", this::list);
    }

    /** What a request says; null where it says nothing. */
    private record Wanted(
            @Nullable Integer maxRetries,
            @Nullable Integer maxAgeSec,
            @Nullable Body destinations) {
        private static Wanted of(Body body, Checks checks) {
            Integer maxRetries = body.integer("MaximumRetryAttempts");
            Integer maxAgeSec = body.integer("MaximumEventAgeInSeconds");
            checks.range(maxRetries, "maximumRetryAttempts", 0, 2);
            checks.range(maxAgeSec, "maximumEventAgeInSeconds", 60, 21_600);
            Body destinations = body.structure("DestinationConfig");
            for (String end : List.of("OnSuccess", "OnFailure")) {
                String at = "destinationConfig.o" + end.substring(1) + ".destination";
                checks.length(destination(destinations, end), at, 0, 350);
                checks.pattern(destination(destinations, end), at, DESTINATION);
            }
            return new Wanted(maxRetries, maxAgeSec, destinations);
        }

        private static @Nullable String destination(@Nullable Body destinations, String end) {
            Body one = destinations == null ? null : destinations.structure(end);
            return one == null ? null : one.string("Destination");
        }

        private boolean isEmpty() {
            return maxRetries == null && maxAgeSec == null && destinations == null;
        }

        private String onSuccess(String otherwise) {
            return destinations == null ? otherwise : orNone(destination(destinations, "OnSuccess"));
        }

        private String onFailure(String otherwise) {
            return destinations == null ? otherwise : orNone(destination(destinations, "OnFailure"));
        }

        private static String orNone(@Nullable String destination) {
            return destination == null ? "" : destination;
        }
    }

    private ObjectNode put(OperationInput input) {
        Checks checks = new Checks();
        Wanted wanted = Wanted.of(new Body(input.body()), checks);
        FunctionTarget target = FunctionTarget.of(input, checks);
        if (wanted.isEmpty()) {
            throw ServiceFault.invalidParameter(
                    "You must specify at least one of error handling or destination setting.");
        }
        existing(target);
        return set(new EventInvokeRecord(
                target.name(),
                qualifier(target),
                wanted.maxRetries,
                wanted.maxAgeSec,
                wanted.onSuccess(""),
                wanted.onFailure(""),
                life.nowEpochMs()));
    }

    private ObjectNode update(OperationInput input) {
        Checks checks = new Checks();
        Wanted wanted = Wanted.of(new Body(input.body()), checks);
        FunctionTarget target = existing(FunctionTarget.of(input, checks));
        EventInvokeRecord before = record(target);
        Integer maxRetries = wanted.maxRetries;
        Integer maxAgeSec = wanted.maxAgeSec;
        return set(new EventInvokeRecord(
                before.name(),
                before.qualifier(),
                maxRetries == null ? before.maxRetries() : maxRetries,
                maxAgeSec == null ? before.maxAgeSec() : maxAgeSec,
                wanted.onSuccess(before.onSuccess()),
                wanted.onFailure(before.onFailure()),
                life.nowEpochMs()));
    }

    private ObjectNode set(EventInvokeRecord record) {
        targets.checkDestinations(record);
        catalog.eventInvokes().put(record.key(), record);
        transaction.touch(record.name());
        return json(record);
    }

    private FunctionTarget existing(FunctionTarget target) {
        if (!catalog.has(target.name(), target.qualifier())) {
            throw ServiceFault.notFound("The function doesn't exist.");
        }
        return target;
    }

    private static String qualifier(FunctionTarget target) {
        String qualifier = target.qualifier();
        return qualifier == null ? VersionRecord.LATEST : qualifier;
    }

    private EventInvokeRecord record(FunctionTarget target) {
        EventInvokeRecord record = catalog.eventInvokes().get(target.name() + ":" + qualifier(target));
        if (record == null) {
            throw ServiceFault.notFound("The function " + Catalog.arn(target.name(), qualifier(target))
                    + " doesn't have an EventInvokeConfig");
        }
        return record;
    }

    private ObjectNode get(OperationInput input) {
        return json(record(FunctionTarget.of(input)));
    }

    private @Nullable JsonNode delete(OperationInput input) {
        EventInvokeRecord record = record(FunctionTarget.of(input));
        catalog.eventInvokes().remove(record.key());
        transaction.touch(record.name());
        return null;
    }

    private ObjectNode list(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input);
        if (!catalog.hasFunction(target.name())) {
            throw ServiceFault.notFound("The function doesn't exist.");
        }
        Paging<EventInvokeRecord> page = Paging.of(catalog.eventInvokes().of(target.name()), input, MAX_LISTED);
        ArrayNode configs = JsonNodeFactory.instance.arrayNode();
        page.items().forEach(record -> configs.add(json(record)));
        return page.answer("FunctionEventInvokeConfigs", configs);
    }

    private static ObjectNode json(EventInvokeRecord record) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        // Seconds, with their fraction: a timestamp of the service model, unlike those of functions.
        node.put("LastModified", record.lastModifiedEpochMs() / 1_000.0);
        node.put("FunctionArn", Catalog.arn(record.name(), record.qualifier()));
        Integer maxRetries = record.maxRetries();
        if (maxRetries != null) {
            node.put("MaximumRetryAttempts", maxRetries);
        }
        Integer maxAgeSec = record.maxAgeSec();
        if (maxAgeSec != null) {
            node.put("MaximumEventAgeInSeconds", maxAgeSec);
        }
        ObjectNode destinations = node.putObject("DestinationConfig");
        putDestination(destinations.putObject("OnSuccess"), record.onSuccess());
        putDestination(destinations.putObject("OnFailure"), record.onFailure());
        return node;
    }

    private static void putDestination(ObjectNode end, String destination) {
        if (!destination.isEmpty()) {
            end.put("Destination", destination);
        }
    }
}
