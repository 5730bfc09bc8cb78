package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.TemplateMemory.Kind;
import dev.thaw.scheduler.control.TemplateMemory.Made;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a function's template made before and what it makes now, and the taking away of the difference.
 *
 * <p>Threading: one thread, which waits for the control plane.
 */
final class TemplateRemains {
    private static final Map<String, Kind> KINDS = Map.of(
            "FunctionUrlConfig", Kind.URL,
            "EventInvokeConfig", Kind.EVENT_INVOKE,
            "ProvisionedConcurrencyConfig", Kind.PROVISIONED);
    private static final Set<Kind> OF_EVENTS = Set.of(Kind.MAPPING, Kind.PERMISSION);

    private final TemplateCalls calls;
    private final TemplateFunction function;
    private final List<Made> before;
    private final List<Made> now = new ArrayList<>();

    TemplateRemains(TemplateCalls calls, TemplateFunction function) {
        this.calls = calls;
        this.function = function;
        before = TemplateMemory.read(
                        calls.call(TemplateMemory.RECALL, TemplateCalls.of(function), null, TemplateCalls.object()))
                .made();
        String alias = TemplateCalls.alias(function);
        function.settings().forEach((key, setting) -> {
            Kind kind = KINDS.get(key);
            if (kind != null) {
                String said = String.join(",", setting.value().propertyNames());
                now.add(new Made(kind, alias, kind == Kind.URL ? said : ""));
            }
        });
        if (alias != null) {
            now.add(new Made(Kind.ALIAS, null, alias));
        }
        if (function.settings().containsKey("DeadLetterQueue")) {
            now.add(new Made(Kind.DEAD_LETTER, null, ""));
        }
        if (function.settings().containsKey("SnapStart")) {
            now.add(new Made(Kind.SNAP_START, null, ""));
        }
        if (function.config().reservedConcurrency() != FunctionConfig.UNRESERVED) {
            now.add(new Made(Kind.RESERVED, null, ""));
        }
    }

    /** It is made by this template, again or for the first time. */
    void keep(Kind kind, String detail) {
        now.add(new Made(kind, TemplateCalls.alias(function), detail));
    }

    /** What was said of it the last time; null where it was not made here. */
    @Nullable
    String said(Kind kind, String name) {
        Made wanted = new Made(kind, TemplateCalls.alias(function), name);
        return before.stream()
                .filter(made -> made.isOf(wanted))
                .map(Made::detail)
                .findFirst()
                .orElse(null);
    }

    /** Takes away what the template says no more, but for its events. */
    void removeSettings(Consumer<String> notes) {
        remove(made -> !OF_EVENTS.contains(made.kind()), notes);
    }

    /** Takes away the events that the template says no more, and remembers what is there now. */
    void removeEventsAndRemember(Consumer<String> notes) {
        remove(made -> OF_EVENTS.contains(made.kind()), notes);
        if (!now.equals(before)) {
            calls.call(TemplateMemory.REMEMBER, TemplateCalls.of(function), null, TemplateMemory.write(now));
        }
    }

    private void remove(java.util.function.Predicate<Made> which, Consumer<String> notes) {
        List<Made> stale = before.stream()
                .filter(which)
                .filter(made -> now.stream().noneMatch(made::isOf))
                .sorted(Comparator.comparing(Made::kind))
                .toList();
        for (Made made : stale) {
            try {
                remove(made);
            } catch (ServiceFault refused) {
                if (refused.status() != ServiceFault.notFound("").status()) {
                    now.add(made);
                    notes.accept(TemplateCalls.name(function) + ": " + made.kind() + " " + made.detail()
                            + " is no longer in the template and stays: " + refused.text());
                }
            }
        }
    }

    private void remove(Made made) {
        Map<String, String> of = TemplateCalls.of(function);
        switch (made.kind()) {
            case MAPPING -> call("DeleteEventSourceMapping", Map.of("UUID", made.name()), null);
            case PERMISSION ->
                call(
                        "RemovePermission",
                        Map.of("FunctionName", TemplateCalls.name(function), "StatementId", made.detail()),
                        made.qualifier());
            case URL -> call("DeleteFunctionUrlConfig", of, made.qualifier());
            case EVENT_INVOKE -> call("DeleteFunctionEventInvokeConfig", of, made.qualifier());
            case PROVISIONED -> call("DeleteProvisionedConcurrencyConfig", of, made.qualifier());
            case RESERVED -> call("DeleteFunctionConcurrency", of, null);
            case DEAD_LETTER -> unset("DeadLetterConfig", "TargetArn", "");
            case SNAP_START -> unset("SnapStart", "ApplyOn", "None");
            case ALIAS ->
                call("DeleteAlias", Map.of("FunctionName", TemplateCalls.name(function), "Name", made.detail()), null);
        }
    }

    private void unset(String setting, String key, String none) {
        calls.awaitActive(function);
        ObjectNode body = TemplateCalls.object();
        body.putObject(setting).put(key, none);
        calls.call("UpdateFunctionConfiguration", TemplateCalls.of(function), null, body);
    }

    private void call(String operation, Map<String, String> labels, @Nullable String qualifier) {
        calls.call(operation, labels, qualifier, TemplateCalls.object());
    }
}
