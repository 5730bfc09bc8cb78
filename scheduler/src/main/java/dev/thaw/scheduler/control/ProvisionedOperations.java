package dev.thaw.scheduler.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Provisioned concurrency of published versions and aliases.
 *
 * <p>Threading: the control plane's thread.
 */
final class ProvisionedOperations {
    private static final int MAX_LISTED = 50;

    private final Catalog catalog;
    private final Transaction transaction;
    private final Rollout rollout;
    private final ConcurrencyLimits limits;
    private final FunctionLife life;

    ProvisionedOperations(
            Catalog catalog, Transaction transaction, Rollout rollout, ConcurrencyLimits limits, FunctionLife life) {
        this.catalog = catalog;
        this.transaction = transaction;
        this.rollout = rollout;
        this.limits = limits;
        this.life = life;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(
                "PutProvisionedConcurrencyConfig", this::put,
                "GetProvisionedConcurrencyConfig", this::get,
                "DeleteProvisionedConcurrencyConfig", this::delete,
                "ListProvisionedConcurrencyConfigs", this::list);
    }

    private ObjectNode put(OperationInput input) {
        Checks checks = new Checks();
        Integer requested = new Body(input.body()).integer("ProvisionedConcurrentExecutions");
        checks.required(requested, "provisionedConcurrentExecutions");
        checks.range(requested, "provisionedConcurrentExecutions", 1, Integer.MAX_VALUE);
        FunctionTarget target = FunctionTarget.of(input, checks);
        if (target.isLatest()) {
            throw ServiceFault.invalidParameter(
                    "Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
        }
        VersionRecord version = find(target);
        if (version.isLatest()) {
            throw ServiceFault.invalidParameter("Alias with weights can not be used with Provisioned Concurrency");
        }
        if (version.snapStarts()) {
            throw ServiceFault.invalidParameter(
                    "Provisioned Concurrency is not supported for versions of functions with SnapStart.");
        }
        String qualifier = String.valueOf(target.qualifier());
        checkSingle(target, version);
        int count = requested == null ? 0 : requested;
        limits.checkProvisioned(target.name(), qualifier, count);
        ProvisionedRecord record = new ProvisionedRecord(target.name(), qualifier, count, life.nowInSeconds());
        transaction.orElse(() -> rollout.provision(target.name()));
        catalog.provisioned().put(record.key(), record);
        rollout.provision(target.name());
        return json(record, new Deployments.Provisioned(count, 0, 0, false), "IN_PROGRESS");
    }

    /** One version is provisioned by itself or by one alias, not by both. */
    private void checkSingle(FunctionTarget target, VersionRecord version) {
        String name = target.name();
        for (ProvisionedRecord other : catalog.provisioned().of(name).values()) {
            if (other.qualifier().equals(target.qualifier())) {
                continue;
            }
            VersionRecord others = catalog.find(name, other.qualifier());
            if (others != null && others.version().equals(version.version())) {
                throw ServiceFault.conflict(
                        target.isNumber()
                                ? "Version is pointed by a Provisioned Concurrency alias"
                                : "Alias can't be used for Provisioned Concurrency configuration on an already"
                                        + " Provisioned version");
            }
        }
    }

    private VersionRecord find(FunctionTarget target) {
        VersionRecord version = catalog.find(target.name(), target.qualifier());
        if (version == null) {
            throw target.isNumber()
                    ? target.notFound()
                    : ServiceFault.notFound("Cannot find alias arn: " + target.arn());
        }
        return version;
    }

    private ObjectNode get(OperationInput input) {
        FunctionTarget target = published(input);
        ProvisionedRecord record = catalog.provisioned().get(target.name() + ":" + target.qualifier());
        if (record == null) {
            throw new ServiceFault(
                    404,
                    "ProvisionedConcurrencyConfigNotFoundException",
                    "No Provisioned Concurrency Config found for this function");
        }
        return json(record);
    }

    private FunctionTarget published(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input);
        if (target.isLatest()) {
            throw ServiceFault.invalidParameter(
                    "The function resource provided must be an alias or a published version.");
        }
        find(target);
        return target;
    }

    private @Nullable JsonNode delete(OperationInput input) {
        FunctionTarget target = published(input);
        if (catalog.provisioned().remove(target.name() + ":" + target.qualifier()) != null) {
            transaction.then(() -> rollout.provision(target.name()));
        }
        return null;
    }

    private ObjectNode list(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input);
        if (!catalog.hasFunction(target.name())) {
            throw target.notFound();
        }
        Paging<ProvisionedRecord> page = Paging.of(catalog.provisioned().of(target.name()), input, MAX_LISTED);
        ArrayNode configs = JsonNodeFactory.instance.arrayNode();
        for (ProvisionedRecord record : page.items()) {
            configs.add(json(record).put("FunctionArn", Catalog.arn(record.name(), record.qualifier())));
        }
        return page.answer("ProvisionedConcurrencyConfigs", configs);
    }

    private ObjectNode json(ProvisionedRecord record) {
        Deployments.Provisioned now = rollout.provisioned(record);
        if (now.failed()) {
            return json(record, now, "FAILED").put("StatusReason", "FUNCTION_ERROR_INIT_FAILURE");
        }
        return json(record, now, now.available() >= record.requested() ? "READY" : "IN_PROGRESS");
    }

    private static ObjectNode json(ProvisionedRecord record, Deployments.Provisioned now, String status) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("RequestedProvisionedConcurrentExecutions", record.requested())
                .put("AvailableProvisionedConcurrentExecutions", now.available())
                .put("AllocatedProvisionedConcurrentExecutions", now.allocated())
                .put("Status", status)
                .put("LastModified", record.lastModified());
    }
}
