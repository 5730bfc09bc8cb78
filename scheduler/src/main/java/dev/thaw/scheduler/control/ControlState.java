package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.CodeStore;
import dev.thaw.scheduler.control.state.StateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * The functions' side of the control plane: catalogue, packages, and the operations on them.
 *
 * <p>Threading: made by one thread, then the control plane's.
 */
public final class ControlState {
    /**
     * What it stands on.
     *
     * @param bucketRoot a folder for each bucket, instead of S3; null for none
     * @param codeLocation where the package of a {@code CodeSha256} can be fetched
     * @param accountConcurrency invocations that may run at the same time
     */
    public record Ports(
            StateStore store,
            CodeStore code,
            @Nullable Path bucketRoot,
            Deployments deployments,
            ControlThread thread,
            UnaryOperator<String> codeLocation,
            int accountConcurrency,
            EpochClock clock,
            ErrorHandler errorHandler) {}

    private final Catalog catalog;
    private final Transaction transaction;
    private final Rollout rollout;
    private final FunctionLife life;
    private final Map<String, OperationHandler> handlers = new HashMap<>();

    public ControlState(Ports ports) {
        catalog = new Catalog(ports.store);
        LayerCatalog layers = new LayerCatalog(ports.store);
        transaction = new Transaction(ports.store);
        rollout = new Rollout(catalog, layers, ports.deployments, ports.code, ports.thread, ports.errorHandler);
        life = new FunctionLife(catalog, transaction, rollout, ports.thread, ports.clock);
        PackageSource source = new PackageSource(ports.code, ports.bucketRoot);
        handlers.putAll(new FunctionOperations(catalog, transaction, rollout, ports.codeLocation).handlers());
        handlers.putAll(new CodeOperations(catalog, layers, source, life, rollout).handlers());
        handlers.putAll(new ConfigurationOperations(catalog, layers, life).handlers());
        handlers.putAll(new VersionOperations(catalog, life).handlers());
        handlers.putAll(new AliasOperations(catalog, transaction, rollout).handlers());
        handlers.putAll(new TagOperations(catalog).handlers());
        ConcurrencyLimits limits = new ConcurrencyLimits(catalog, ports.accountConcurrency);
        handlers.putAll(new ConcurrencyOperations(catalog, transaction, ports.deployments, limits).handlers());
        handlers.putAll(new ProvisionedOperations(catalog, transaction, rollout, limits, life).handlers());
        handlers.putAll(new EventInvokeOperations(catalog, life).handlers());
        handlers.putAll(new AccountOperations(catalog, layers, limits).handlers());
        handlers.putAll(new RuntimeOperations(catalog, ports.store).handlers());
    }

    /** For whoever keeps more of functions than this does. */
    public Catalog catalog() {
        return catalog;
    }

    /** What each operation is a transaction of. */
    public Transaction transaction() {
        return transaction;
    }

    /** By the names that the service model gives them. */
    public Map<String, OperationHandler> handlers() {
        return handlers;
    }

    /**
     * Brings to run what an earlier process has left, and deletes what it left of packages.
     *
     * @return one line for each version that does not run here, with the reason
     */
    public List<String> resume() throws IOException {
        List<String> problems = new ArrayList<>();
        for (VersionRecord version : List.copyOf(catalog.versions().all().values())) {
            String problem = life.resume(version);
            if (problem != null) {
                problems.add(Catalog.arn(version.name(), version.version()) + ": " + problem);
            }
        }
        rollout.sweep();
        return problems;
    }
}
