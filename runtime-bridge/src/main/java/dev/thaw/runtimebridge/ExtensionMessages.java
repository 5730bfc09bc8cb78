package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of the Extensions API, read and worded (wire.md W2). Pure; safe on any thread. */
final class ExtensionMessages {
    /** The account of every function here. */
    private static final String ACCOUNT_ID = "000000000000";

    private static final JsonMapper JSON = JsonMapper.shared();

    private ExtensionMessages() {}

    /** The events that a registration asks for; null where its body is none. An empty body asks for none. */
    static @Nullable List<String> events(@Nullable ByteBuf body) {
        if (body == null || !body.isReadable()) {
            return List.of();
        }
        try {
            JsonNode registration = JSON.readTree(ByteBufUtil.getBytes(body));
            return registration.isObject()
                            && registration.path("configurationKeys").isEmpty()
                    ? texts(registration.path("events"))
                    : null;
        } catch (JacksonException malformed) {
            return null;
        }
    }

    private static @Nullable List<String> texts(JsonNode array) {
        if (array.isMissingNode() || array.isNull()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isString()) {
                return null;
            }
            texts.add(element.stringValue());
        }
        return array.isArray() ? texts : null;
    }

    static String registered(DeployedFunction function, boolean withAccount) {
        ObjectNode body = JSON.createObjectNode();
        body.put("functionName", function.config().name());
        body.put("functionVersion", function.version());
        body.put("handler", function.config().handler());
        if (withAccount) {
            body.put("accountId", ACCOUNT_ID);
        }
        return JSON.writeValueAsString(body);
    }

    static String invoke(RuntimeApiEvent event) {
        ObjectNode body = JSON.createObjectNode();
        body.put("eventType", "INVOKE");
        body.put("deadlineMs", event.deadlineEpochMs);
        body.put("requestId", event.requestId);
        body.put("invokedFunctionArn", event.invokedFunctionArn);
        body.putObject("tracing").put("type", "X-Amzn-Trace-Id").put("value", event.traceId);
        return JSON.writeValueAsString(body);
    }

    static String shutdown(ShutdownReason reason, long deadlineEpochMs) {
        ObjectNode body = JSON.createObjectNode();
        body.put("eventType", "SHUTDOWN");
        body.put("deadlineMs", deadlineEpochMs);
        body.put("shutdownReason", reason.name());
        return JSON.writeValueAsString(body);
    }
}
