package dev.thaw.scheduler.control;

import static dev.thaw.scheduler.control.TemplateCalls.alias;
import static dev.thaw.scheduler.control.TemplateCalls.name;
import static dev.thaw.scheduler.control.TemplateCalls.object;

import dev.thaw.scheduler.control.TemplateMemory.Kind;
import dev.thaw.scheduler.control.url.FunctionUrl;
import dev.thaw.scheduler.functions.TemplateException;
import dev.thaw.scheduler.functions.TemplateFunction;
import dev.thaw.scheduler.functions.TemplateFunction.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does what a template says of its functions beside their code and configuration, by the operations that a client would
 * call. What is so already is left as it is, so a template may be applied at each start. What it said before and says no
 * more is taken away; of what it never said anything, what others have set is left.
 *
 * <p>Threading: one thread, which waits for the control plane.
 */
public final class TemplateOperations {
    private static final String PUBLIC_STATEMENT = "FunctionURLAllowPublicAccess";

    private final TemplateCalls calls;
    private final TemplateTriggers triggers;
    private final Map<String, TemplateRemains> remains = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    /** {@code clockMs} bounds the wait for functions that are being prepared. */
    public TemplateOperations(ControlPlane plane, TemplateTriggers triggers, LongSupplier clockMs) {
        calls = new TemplateCalls(plane, clockMs);
        this.triggers = triggers;
    }

    /**
     * Applies everything; the functions themselves are there already.
     *
     * @return what the template asks for and is not served here, a line each
     * @throws TemplateException where an operation refuses it, with file, line, function and property
     */
    public List<String> apply(List<TemplateFunction> functions) {
        for (TemplateFunction function : functions) {
            TemplateRemains before = new TemplateRemains(calls, function);
            remains.put(name(function), before);
            before.removeSettings(notes::add);
            each(function, "DeadLetterQueue", this::deadLetterQueue);
            each(function, "SnapStart", this::snapStart);
            each(function, "AutoPublishAlias", this::publish);
        }
        // Only now is there every alias that one function may name of another.
        for (TemplateFunction function : functions) {
            each(function, "ProvisionedConcurrencyConfig", this::provision);
            each(function, "EventInvokeConfig", this::eventInvoke);
            each(function, "FunctionUrlConfig", this::url);
            each(function, "Events", this::events);
            remainsOf(function).removeEventsAndRemember(notes::add);
        }
        return List.copyOf(notes);
    }

    private TemplateRemains remainsOf(TemplateFunction function) {
        return Objects.requireNonNull(remains.get(name(function)));
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
        JsonNode configuration = calls.awaitActive(function);
        if (!configuration
                .path("DeadLetterConfig")
                .path("TargetArn")
                .asString("")
                .equals(target)) {
            ObjectNode body = object();
            body.putObject("DeadLetterConfig").put("TargetArn", target);
            calls.call("UpdateFunctionConfiguration", TemplateCalls.of(function), null, body);
        }
    }

    /** A template of elsewhere is served where nothing can be a snapshot, but not in silence. */
    private void snapStart(TemplateFunction function, JsonNode value) {
        String applyOn = value.path("ApplyOn").asString("");
        if (!applyOn.equals("PublishedVersions") && !applyOn.equals("None")) {
            throw ServiceFault.invalidParameter("ApplyOn: '" + applyOn + "', must be PublishedVersions or None");
        }
        JsonNode configuration = calls.awaitActive(function);
        if (!configuration.path("SnapStart").path("ApplyOn").asString("").equals(applyOn)) {
            ObjectNode body = object();
            body.putObject("SnapStart").put("ApplyOn", applyOn);
            try {
                calls.call("UpdateFunctionConfiguration", TemplateCalls.of(function), null, body);
            } catch (ServiceFault refused) {
                notes.add(refused.text() + " (served without it)");
            }
        }
    }

    /** A version is new only where code or configuration are. */
    private void publish(TemplateFunction function, JsonNode value) {
        calls.awaitActive(function);
        ObjectNode body = object();
        Setting description = function.settings().get("VersionDescription");
        if (description != null) {
            body.set("Description", description.value());
        }
        String version = calls.call("PublishVersion", TemplateCalls.of(function), null, body)
                .path("Version")
                .asString("");
        Map<String, String> alias = Map.of("FunctionName", name(function), "Name", value.asString());
        JsonNode before = calls.find("GetAlias", alias, null);
        ObjectNode change = object().put("Name", value.asString()).put("FunctionVersion", version);
        if (before == null) {
            calls.call("CreateAlias", TemplateCalls.of(function), null, change);
        } else if (!before.path("FunctionVersion").asString("").equals(version)) {
            change.putObject("RoutingConfig").putObject("AdditionalVersionWeights");
            calls.call("UpdateAlias", alias, null, change);
        }
    }

    private void provision(TemplateFunction function, JsonNode value) {
        String alias = alias(function);
        if (alias == null) {
            throw ServiceFault.invalidParameter("needs AutoPublishAlias: $LATEST cannot have provisioned concurrency");
        }
        calls.call("PutProvisionedConcurrencyConfig", TemplateCalls.of(function), alias, (ObjectNode) value);
    }

    /** SAM names the kind of each destination, whose ARN says it too. */
    private void eventInvoke(TemplateFunction function, JsonNode value) {
        ObjectNode body = ((ObjectNode) value).deepCopy();
        for (JsonNode destination : body.path("DestinationConfig")) {
            if (destination instanceof ObjectNode one) {
                one.remove("Type");
            }
        }
        calls.call("PutFunctionEventInvokeConfig", TemplateCalls.of(function), alias(function), body);
    }

    private void url(TemplateFunction function, JsonNode value) {
        String alias = alias(function);
        ObjectNode body = ((ObjectNode) value).deepCopy();
        if (calls.find("GetFunctionUrlConfig", TemplateCalls.of(function), alias) == null) {
            calls.call("CreateFunctionUrlConfig", TemplateCalls.of(function), alias, body);
        } else {
            resetUrl(body, remainsOf(function).said(Kind.URL, ""));
            calls.call("UpdateFunctionUrlConfig", TemplateCalls.of(function), alias, body);
        }
        if (value.path("AuthType").asString("").equals("NONE")) {
            remainsOf(function).keep(Kind.PERMISSION, PUBLIC_STATEMENT);
            calls.permit(
                    function,
                    alias,
                    object().put("StatementId", PUBLIC_STATEMENT)
                            .put("Action", "lambda:InvokeFunctionUrl")
                            .put("Principal", "*")
                            .put("FunctionUrlAuthType", "NONE"));
        }
    }

    /** What was said before and is not now is as if it had never been. */
    private static void resetUrl(ObjectNode body, @Nullable String before) {
        List<String> said = before == null ? List.of() : List.of(before.split(",", -1));
        if (said.contains("Cors") && !body.has("Cors")) {
            body.putObject("Cors");
        }
        if (said.contains("InvokeMode") && !body.has("InvokeMode")) {
            body.put("InvokeMode", FunctionUrl.BUFFERED);
        }
    }

    private void events(TemplateFunction function, JsonNode value) {
        TemplateEvents events = new TemplateEvents(calls, triggers, function, remainsOf(function));
        for (Map.Entry<String, JsonNode> event : value.properties()) {
            String type = event.getValue().path("Type").asString("");
            String problem = events.apply(event.getKey(), type, event.getValue().path("Properties"));
            if (problem != null) {
                Setting setting = function.settings().get("Events");
                String at = setting == null ? "" : setting.at() + ": ";
                notes.add(at + "Events." + event.getKey() + " of " + name(function) + ": " + problem);
            }
        }
    }
}
