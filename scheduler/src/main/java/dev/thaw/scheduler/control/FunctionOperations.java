package dev.thaw.scheduler.control;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks functions up, lists them and deletes them.
 *
 * <p>Threading: the control plane's thread.
 */
final class FunctionOperations {
    private static final int MAX_LISTED = 50;
    private static final int MAX_ITEMS = 10_000;

    private final Catalog catalog;
    private final Transaction transaction;
    private final Rollout rollout;
    private final UnaryOperator<String> codeLocation;

    /** Over the catalogue; {@code codeLocation} says where the package of a {@code CodeSha256} can be fetched. */
    FunctionOperations(Catalog catalog, Transaction transaction, Rollout rollout, UnaryOperator<String> codeLocation) {
        this.catalog = catalog;
        this.transaction = transaction;
        this.rollout = rollout;
        this.codeLocation = codeLocation;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(
                "GetFunction", this::get,
                "GetFunctionConfiguration", this::getConfiguration,
                "ListFunctions", this::list,
                "ListVersionsByFunction", this::listVersions,
                "DeleteFunction", this::delete);
    }

    private ObjectNode get(OperationInput input) {
        FunctionTarget target = FunctionTarget.namespaced(input);
        VersionRecord version = find(target);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("Configuration", FunctionJson.full(version, target.arn()));
        node.set("Code", code(version.code()));
        FunctionRecord function = catalog.function(target.name());
        if (!function.tags().isEmpty()) {
            ObjectNode tags = node.putObject("Tags");
            function.tags().forEach(tags::put);
        }
        Integer reserved = function.reservedConcurrency();
        if (reserved != null) {
            node.putObject("Concurrency").put("ReservedConcurrentExecutions", reserved);
        }
        return node;
    }

    private ObjectNode code(FunctionCode code) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (code.isImage()) {
            return node.put("RepositoryType", "ECR")
                    .put("ImageUri", code.imageUri())
                    .put("ResolvedImageUri", code.imageUri() + "@sha256:" + code.sha256());
        }
        return node.put("RepositoryType", "S3").put("Location", codeLocation.apply(code.sha256()));
    }

    private ObjectNode getConfiguration(OperationInput input) {
        FunctionTarget target = FunctionTarget.namespaced(input);
        return FunctionJson.full(find(target), target.arn());
    }

    private VersionRecord find(FunctionTarget target) {
        VersionRecord version = catalog.find(target.name(), target.qualifier());
        if (version == null) {
            throw target.notFound();
        }
        return version;
    }

    private ObjectNode list(OperationInput input) {
        String versions = input.query("FunctionVersion");
        Checks checks = new Checks();
        checks.oneOf(versions, "functionVersion", List.of("ALL"));
        checks.refuse();
        ArrayNode functions = JsonNodeFactory.instance.arrayNode();
        if (versions != null) {
            Paging<VersionRecord> page = Paging.of(catalog.versions().all(), input, MAX_ITEMS, MAX_LISTED);
            page.items().forEach(version -> functions.add(listed(version, version.version())));
            return page.answer("Functions", functions);
        }
        Paging<FunctionRecord> page = Paging.of(catalog.functions().all(), input, MAX_ITEMS, MAX_LISTED);
        for (FunctionRecord function : page.items()) {
            VersionRecord latest = catalog.latest(function.name());
            if (latest != null) {
                functions.add(listed(latest, null));
            }
        }
        return page.answer("Functions", functions);
    }

    private static ObjectNode listed(VersionRecord version, @Nullable String qualifier) {
        return FunctionJson.listed(version, Catalog.arn(version.name(), qualifier));
    }

    private ObjectNode listVersions(OperationInput input) {
        FunctionTarget target = FunctionTarget.namespaced(input);
        if (!catalog.hasFunction(target.name())) {
            throw target.notFound();
        }
        Paging<VersionRecord> page = Paging.of(catalog.versions().of(target.name()), input, MAX_ITEMS, MAX_LISTED);
        ArrayNode versions = JsonNodeFactory.instance.arrayNode();
        page.items().forEach(version -> versions.add(listed(version, version.version())));
        return page.answer("Versions", versions);
    }

    private @Nullable JsonNode delete(OperationInput input) {
        FunctionTarget target = FunctionTarget.namespaced(input);
        String qualifier = target.qualifier();
        if (qualifier == null) {
            deleteFunction(target);
            return null;
        }
        if (target.isLatest()) {
            throw ServiceFault.invalidParameter("$LATEST version cannot be deleted without deleting the function.");
        }
        if (!catalog.hasFunction(target.name())) {
            throw ServiceFault.notFound("Function not found: " + Catalog.arn(target.name(), null));
        }
        if (!target.isNumber()) {
            throw ServiceFault.invalidParameter("Deletion of aliases is not currently supported.");
        }
        deleteVersion(target.name(), qualifier);
        return null;
    }

    private void deleteFunction(FunctionTarget target) {
        if (!catalog.hasFunction(target.name())) {
            throw target.notFound();
        }
        List<VersionRecord> versions = List.copyOf(catalog.versionsOf(target.name()));
        catalog.removeFunction(target.name());
        transaction.touch(target.name());
        transaction.then(() -> rollout.dropAll(target.name(), versions));
    }

    /** A version that is not there is as good as deleted. */
    private void deleteVersion(String name, String number) {
        VersionRecord version = catalog.versions().get(VersionRecord.key(name, number));
        if (version == null) {
            return;
        }
        for (AliasRecord alias : catalog.aliasesOf(name)) {
            if (alias.version().equals(number) || alias.weights().containsKey(number)) {
                throw ServiceFault.conflict("Version " + Catalog.arn(name, number) + " is used by alias "
                        + alias.alias() + ". Update or delete the alias first.");
            }
        }
        catalog.removeVersion(version);
        transaction.touch(name);
        transaction.then(() -> rollout.drop(version));
    }
}
