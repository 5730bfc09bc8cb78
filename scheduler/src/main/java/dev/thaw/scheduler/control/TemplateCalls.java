package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.TemplateFunction;
import dev.thaw.scheduler.functions.TemplateFunction.Setting;
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
 * Calls operations as a client would, for a template's function, and waits for the answer.
 *
 * <p>Threading: any but the control plane's.
 */
final class TemplateCalls {
    private static final long ACTIVE_BOUND_MS = TimeUnit.MINUTES.toMillis(5);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ControlPlane plane;
    private final LongSupplier clockMs;

    /** {@code clockMs} bounds waits. */
    TemplateCalls(ControlPlane plane, LongSupplier clockMs) {
        this.plane = plane;
        this.clockMs = clockMs;
    }

    boolean serves(String operation) {
        return plane.serves(operation);
    }

    /** Null where what it asks for is not there. */
    @Nullable
    JsonNode find(String operation, Map<String, String> labels, @Nullable String qualifier) {
        try {
            return call(operation, labels, qualifier, object());
        } catch (ServiceFault fault) {
            if (fault.status() == ServiceFault.notFound("").status()) {
                return null;
            }
            throw fault;
        }
    }

    JsonNode call(String operation, Map<String, String> labels, @Nullable String qualifier, ObjectNode body) {
        Map<String, List<String>> query = qualifier == null ? Map.of() : Map.of("Qualifier", List.of(qualifier));
        return send(operation, labels, query, body);
    }

    /** An empty object for an empty answer. Throws {@link ServiceFault}. */
    JsonNode send(String operation, Map<String, String> labels, Map<String, List<String>> query, ObjectNode body) {
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

    /** The function's configuration once it is neither pending nor being updated. */
    JsonNode awaitActive(TemplateFunction function) {
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

    /** Nothing where the statement is there already. */
    void permit(TemplateFunction function, @Nullable String qualifier, ObjectNode statement) {
        try {
            call("AddPermission", of(function), qualifier, statement);
        } catch (ServiceFault fault) {
            if (fault.status() != ServiceFault.conflict("").status()) {
                throw fault;
            }
        }
    }

    static Map<String, String> of(TemplateFunction function) {
        return of(name(function));
    }

    static Map<String, String> of(String name) {
        return Map.of("FunctionName", name);
    }

    static String name(TemplateFunction function) {
        return function.config().name();
    }

    /** Where its other properties belong to; null for the function itself. */
    static @Nullable String alias(TemplateFunction function) {
        Setting alias = function.settings().get("AutoPublishAlias");
        return alias == null ? null : alias.value().asString();
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
