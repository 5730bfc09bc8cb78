package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reserved concurrency: cap and guarantee of a function as a whole.
 *
 * <p>Threading: the control plane's thread.
 */
final class ConcurrencyOperations {
    private static final String RESERVED = "ReservedConcurrentExecutions";

    private final Catalog catalog;
    private final Transaction transaction;
    private final Deployments deployments;
    private final ConcurrencyLimits limits;

    ConcurrencyOperations(Catalog catalog, Transaction transaction, Deployments deployments, ConcurrencyLimits limits) {
        this.catalog = catalog;
        this.transaction = transaction;
        this.deployments = deployments;
        this.limits = limits;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(
                "PutFunctionConcurrency", this::put,
                "GetFunctionConcurrency", this::get,
                "DeleteFunctionConcurrency", this::delete);
    }

    private ObjectNode put(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input).unqualified();
        Integer reserved = new Body(input.body()).integer(RESERVED);
        FunctionRecord function = catalog.functions().get(target.name());
        if (function == null) {
            throw ServiceFault.notFound("Function not found: " + Catalog.arn(target.name(), VersionRecord.LATEST));
        }
        Checks checks = new Checks();
        checks.required(reserved, "reservedConcurrentExecutions");
        checks.range(reserved, "reservedConcurrentExecutions", 0, Integer.MAX_VALUE);
        checks.refuse();
        int count = reserved == null ? 0 : reserved;
        limits.checkReserved(function.name(), count);
        set(function, count);
        return JsonNodeFactory.instance.objectNode().put(RESERVED, count);
    }

    private void set(FunctionRecord function, @Nullable Integer reserved) {
        catalog.functions().put(function.name(), function.withReserved(reserved));
        transaction.touch(function.name());
        deployments.reserve(function.name(), count(reserved));
        transaction.orElse(() -> deployments.reserve(function.name(), count(function.reservedConcurrency())));
    }

    private static int count(@Nullable Integer reserved) {
        return reserved == null ? FunctionConfig.UNRESERVED : reserved;
    }

    private ObjectNode get(OperationInput input) {
        Integer reserved = function(input).reservedConcurrency();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        return reserved == null ? node : node.put(RESERVED, reserved);
    }

    private @Nullable JsonNode delete(OperationInput input) {
        set(function(input), null);
        return null;
    }

    private FunctionRecord function(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input).unqualified();
        FunctionRecord function = catalog.functions().get(target.name());
        if (function == null) {
            throw target.notFound();
        }
        return function;
    }
}
