package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.PackageRules;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Limits of the account and what is used of them.
 *
 * <p>Threading: the control plane's thread.
 */
final class AccountOperations {
    /** 75 GB (contract.md section 18). */
    private static final long TOTAL_CODE_BYTES = 80_530_636_800L;

    private final Catalog catalog;
    private final LayerCatalog layers;
    private final ConcurrencyLimits limits;

    AccountOperations(Catalog catalog, LayerCatalog layers, ConcurrencyLimits limits) {
        this.catalog = catalog;
        this.layers = layers;
        this.limits = limits;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of("GetAccountSettings", this::get);
    }

    private ObjectNode get(OperationInput input) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putObject("AccountLimit")
                .put("TotalCodeSize", TOTAL_CODE_BYTES)
                .put("CodeSizeUnzipped", PackageRules.MAX_UNZIPPED_BYTES)
                .put("CodeSizeZipped", PackageRules.MAX_ZIPPED_BYTES)
                .put("ConcurrentExecutions", limits.accountConcurrency())
                .put("UnreservedConcurrentExecutions", limits.unreserved());
        node.putObject("AccountUsage")
                .put("TotalCodeSize", codeBytes())
                .put("FunctionCount", catalog.functions().all().size());
        return node;
    }

    private long codeBytes() {
        long bytes = 0;
        for (VersionRecord version : catalog.versions().all().values()) {
            bytes += version.code().sizeBytes();
        }
        for (LayerRecord layer : layers.versions().all().values()) {
            bytes += layer.code().sizeBytes();
        }
        return bytes;
    }
}
