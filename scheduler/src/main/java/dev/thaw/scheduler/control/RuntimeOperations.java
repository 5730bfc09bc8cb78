package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.control.state.Table;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a version's runtime is updated, which is kept and shown (contract.md section 1.7), and whether a function may
 * call itself in a loop.
 *
 * <p>Threading: the control plane's thread.
 */
final class RuntimeOperations {
    private static final String AUTO = "Auto";
    private static final String MANUAL = "Manual";
    private static final List<String> MODES = List.of(AUTO, MANUAL, "FunctionUpdate");
    private static final List<String> LOOPS = List.of(FunctionRecord.TERMINATE, "Allow");

    /**
     * How the runtime of a version is updated.
     *
     * @param versionArn of the runtime that stays, of mode {@code Manual}; empty for others
     */
    record Management(String mode, String versionArn) {}

    private final Catalog catalog;
    private final Transaction transaction;
    private final Table<Management> managements;

    RuntimeOperations(Catalog catalog, Transaction transaction, StateStore store) {
        this.catalog = catalog;
        this.transaction = transaction;
        managements = store.table("runtimeManagement", Codec.json(JsonMapper.shared(), Management.class));
        catalog.onRemoval(this::onRemoved);
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(
                "PutRuntimeManagementConfig", this::put,
                "GetRuntimeManagementConfig", this::get,
                "PutFunctionRecursionConfig", this::putRecursion,
                "GetFunctionRecursionConfig", this::getRecursion);
    }

    private void onRemoved(String name, @Nullable String qualifier) {
        if (qualifier == null) {
            List.copyOf(managements.of(name).keySet()).forEach(managements::remove);
        } else {
            managements.remove(name + ":" + qualifier);
        }
    }

    private ObjectNode put(OperationInput input) {
        Body body = new Body(input.body());
        String mode = body.string("UpdateRuntimeOn");
        String arn = body.string("RuntimeVersionArn");
        Checks checks = new Checks();
        checks.required(mode, "updateRuntimeOn");
        checks.oneOf(mode, "updateRuntimeOn", MODES);
        FunctionTarget target = FunctionTarget.of(input, checks);
        VersionRecord version = find(target);
        if (MANUAL.equals(mode) == (arn == null)) {
            throw ServiceFault.invalidParameter(
                    MANUAL.equals(mode)
                            ? "RuntimeVersionArn is required when UpdateRuntimeOn is Manual."
                            : "RuntimeVersionArn must not be given unless UpdateRuntimeOn is Manual.");
        }
        Management management = new Management(String.valueOf(mode), arn == null ? "" : arn);
        managements.put(version.name() + ":" + version.version(), management);
        return json(target, management);
    }

    private ObjectNode get(OperationInput input) {
        FunctionTarget target = FunctionTarget.namespaced(input);
        VersionRecord version = find(target);
        Management management = managements.get(version.name() + ":" + version.version());
        return json(target, management == null ? new Management(AUTO, "") : management);
    }

    private static ObjectNode json(FunctionTarget target, Management management) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("UpdateRuntimeOn", management.mode())
                .put("FunctionArn", target.arn());
        return management.versionArn().isEmpty() ? node : node.put("RuntimeVersionArn", management.versionArn());
    }

    private VersionRecord find(FunctionTarget target) {
        VersionRecord version = catalog.find(target.name(), target.qualifier());
        if (version == null) {
            throw target.notFound();
        }
        return version;
    }

    private ObjectNode putRecursion(OperationInput input) {
        String loop = new Body(input.body()).string("RecursiveLoop");
        Checks checks = new Checks();
        checks.required(loop, "recursiveLoop");
        checks.oneOf(loop, "recursiveLoop", LOOPS);
        FunctionTarget target = FunctionTarget.of(input, checks).unqualified();
        find(target);
        FunctionRecord function = catalog.function(target.name()).withRecursiveLoop(String.valueOf(loop));
        catalog.functions().put(function.name(), function);
        transaction.touch(function.name());
        return recursion(function);
    }

    private ObjectNode getRecursion(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input).unqualified();
        find(target);
        return recursion(catalog.function(target.name()));
    }

    private static ObjectNode recursion(FunctionRecord function) {
        return JsonNodeFactory.instance.objectNode().put("RecursiveLoop", function.recursiveLoop());
    }
}
