package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.TemplateException;
import dev.thaw.scheduler.functions.TemplateFunction;
import dev.thaw.scheduler.functions.TemplateFunction.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does what a template says of its functions beside their code and configuration, by the operations that a client would
 * call. What is so already is left as it is, so a template may be applied at each start; what a template is silent about
 * is left too.
 *
 * <p>Threading: one thread, which waits for the control plane.
 */
public final class TemplateOperations {
    private static final long ACTIVE_BOUND_MS = TimeUnit.MINUTES.toMillis(5);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String PUBLIC_STATEMENT = "FunctionURLAllowPublicAccess";

    private final ControlPlane plane;
    private final LongSupplier clockMs;
    private final List<String> notes = new ArrayList<>();

    /** {@code clockMs} bounds the wait for functions that are being prepared. */
    public TemplateOperations(ControlPlane plane, LongSupplier clockMs) {
        this.plane = plane;
        this.clockMs = clockMs;
    }

    /**
     * Applies everything; the functions themselves are there already.
     *
     * @return what the template asks for and is not served here, a line each
     * @throws TemplateException where an operation refuses it, with file, line, function and property
     */
    public List<String> apply(List<TemplateFunction> functions) {
        for (TemplateFunction function : functions) {
            each(function, "DeadLetterQueue", this::deadLetterQueue);
            each(function, "AutoPublishAlias", this::publish);
        }
        // Only now is there every alias that one function may name of another.
        for (TemplateFunction function : functions) {
            each(function, "ProvisionedConcurrencyConfig", this::provision);
            each(function, "EventInvokeConfig", this::eventInvoke);
            each(function, "FunctionUrlConfig", this::url);
            each(function, "Events", this::events);
        }
        return List.copyOf(notes);
    }

    @FunctionalInterface
    private interface Step {
        void apply(TemplateFunction function, JsonNode value);
    }

    private void each(TemplateFunction function, String key, Step step) {
        Setting setting = function.settings().get(key);
        if (setting == null) {
            return;
        }
        String name = function.config().name();
        try {
            step.apply(function, setting.value());
        } catch (ServiceFault refused) {
            throw new TemplateException(setting.at() + ": " + key + ": " + name + ", " + refused.text());
        }
    }

    private void deadLetterQueue(TemplateFunction function, JsonNode value) {
        String target = value.path("TargetArn").asString("");
        JsonNode configuration = awaitActive(function);
        if (!configuration
                .path("DeadLetterConfig")
                .path("TargetArn")
                .asString("")
                .equals(target)) {
            ObjectNode body = object();
            body.putObject("DeadLetterConfig").put("TargetArn", target);
            call("UpdateFunctionConfiguration", of(function), null, body);
        }
    }

    /** A version is new only where code or configuration are. */
    private void publish(TemplateFunction function, JsonNode value) {
        awaitActive(function);
        ObjectNode body = object();
        Setting description = function.settings().get("VersionDescription");
        if (description != null) {
            body.set("Description", description.value());
        }
        String version =
                call("PublishVersion", of(function), null, body).path("Version").asString("");
        Map<String, String> alias = Map.of("FunctionName", name(function), "Name", value.asString());
        JsonNode before = find("GetAlias", alias, null);
        ObjectNode change = object().put("Name", value.asString()).put("FunctionVersion", version);
        if (before == null) {
            call("CreateAlias", of(function), null, change);
        } else if (!before.path("FunctionVersion").asString("").equals(version)) {
            change.putObject("RoutingConfig").putObject("AdditionalVersionWeights");
            call("UpdateAlias", alias, null, change);
        }
    }

    private void provision(TemplateFunction function, JsonNode value) {
        String alias = alias(function);
        if (alias == null) {
            throw ServiceFault.invalidParameter("needs AutoPublishAlias: $LATEST cannot have provisioned concurrency");
        }
        call("PutProvisionedConcurrencyConfig", of(function), alias, (ObjectNode) value);
    }

    /** SAM names the kind of each destination, whose ARN says it too. */
    private void eventInvoke(TemplateFunction function, JsonNode value) {
        ObjectNode body = ((ObjectNode) value).deepCopy();
        for (JsonNode destination : body.path("DestinationConfig")) {
            if (destination instanceof ObjectNode one) {
                one.remove("Type");
            }
        }
        call("PutFunctionEventInvokeConfig", of(function), alias(function), body);
    }

    private void url(TemplateFunction function, JsonNode value) {
        String alias = alias(function);
        boolean isThere = find("GetFunctionUrlConfig", of(function), alias) != null;
        call(isThere ? "UpdateFunctionUrlConfig" : "CreateFunctionUrlConfig", of(function), alias, (ObjectNode) value);
        if (value.path("AuthType").asString("").equals("NONE")) {
            allowEverybody(function, alias);
        }
    }

    private void allowEverybody(TemplateFunction function, @Nullable String alias) {
        ObjectNode statement = object().put("StatementId", PUBLIC_STATEMENT)
                .put("Action", "lambda:InvokeFunctionUrl")
                .put("Principal", "*")
                .put("FunctionUrlAuthType", "NONE");
        try {
            call("AddPermission", of(function), alias, statement);
        } catch (ServiceFault fault) {
            if (fault.status() != ServiceFault.conflict("").status()) {
                throw fault;
            }
        }
    }

    private void events(TemplateFunction function, JsonNode value) {
        for (Map.Entry<String, JsonNode> event : value.properties()) {
            String type = event.getValue().path("Type").asString("");
            String problem = problemOf(function, type, event.getValue().path("Properties"));
            if (problem != null) {
                Setting events = function.settings().get("Events");
                String at = events == null ? "" : events.at() + ": ";
                notes.add(at + "Events." + event.getKey() + " of " + name(function) + ": " + problem);
            }
        }
    }

    /** Null where it is served. A function without its events is still worth serving: clients can invoke it. */
    private @Nullable String problemOf(TemplateFunction function, String type, JsonNode properties) {
        if (!type.equals("SQS")) {
            return "events of type " + type + " do not come here; send them with invoke or a client";
        }
        try {
            return queue(function, properties);
        } catch (ServiceFault refused) {
            return refused.text();
        }
    }

    private @Nullable String queue(TemplateFunction function, JsonNode properties) {
        if (!plane.serves("CreateEventSourceMapping")) {
            return "event source mappings are not served here";
        }
        ObjectNode body = properties instanceof ObjectNode object ? object.deepCopy() : object();
        JsonNode queue = body.remove("Queue");
        String arn = queue == null ? "" : queue.asString();
        String target = alias(function) == null ? name(function) : name(function) + ":" + alias(function);
        body.put("FunctionName", target);
        JsonNode known = send(
                "ListEventSourceMappings",
                Map.of(),
                Map.of("EventSourceArn", List.of(arn), "FunctionName", List.of(target)),
                object());
        JsonNode first = known.path("EventSourceMappings").path(0);
        if (first.isMissingNode()) {
            call("CreateEventSourceMapping", Map.of(), null, body.put("EventSourceArn", arn));
        } else {
            call("UpdateEventSourceMapping", Map.of("UUID", first.path("UUID").asString("")), null, body);
        }
        return null;
    }

    /** The function's configuration once it is neither pending nor being updated. */
    private JsonNode awaitActive(TemplateFunction function) {
        long untilMs = clockMs.getAsLong() + ACTIVE_BOUND_MS;
        JsonNode configuration = call("GetFunctionConfiguration", of(function), null, object());
        while (isOnItsWay(configuration) && clockMs.getAsLong() < untilMs) {
            LockSupport.parkNanos(POLL_NS);
            configuration = call("GetFunctionConfiguration", of(function), null, object());
        }
        return configuration;
    }

    private static boolean isOnItsWay(JsonNode configuration) {
        return configuration.path("State").asString("").equals("Pending")
                || configuration.path("LastUpdateStatus").asString("").equals("InProgress");
    }

    private @Nullable JsonNode find(String operation, Map<String, String> labels, @Nullable String qualifier) {
        try {
            return call(operation, labels, qualifier, object());
        } catch (ServiceFault fault) {
            if (fault.status() == ServiceFault.notFound("").status()) {
                return null;
            }
            throw fault;
        }
    }

    private JsonNode call(String operation, Map<String, String> labels, @Nullable String qualifier, ObjectNode body) {
        Map<String, List<String>> query = qualifier == null ? Map.of() : Map.of("Qualifier", List.of(qualifier));
        return send(operation, labels, query, body);
    }

    private JsonNode send(
            String operation, Map<String, String> labels, Map<String, List<String>> query, ObjectNode body) {
        try {
            JsonNode output = plane.call(operation, new OperationInput("template", labels, query, body))
                    .join();
            return output == null ? object() : output;
        } catch (CompletionException e) {
            if (e.getCause() instanceof ServiceFault fault) {
                throw fault;
            }
            throw e;
        }
    }

    private static Map<String, String> of(TemplateFunction function) {
        return Map.of("FunctionName", name(function));
    }

    private static String name(TemplateFunction function) {
        return function.config().name();
    }

    private static @Nullable String alias(TemplateFunction function) {
        Setting alias = function.settings().get("AutoPublishAlias");
        return alias == null ? null : alias.value().asString();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
