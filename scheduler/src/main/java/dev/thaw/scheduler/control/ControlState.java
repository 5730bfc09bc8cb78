package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.CodeStore;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.events.EventSettings;
import dev.thaw.scheduler.functions.RootFolder;
import dev.thaw.scheduler.functions.TemplateException;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
     * @param images where container images may lie that clients name
     * @param targets where messages may be written that clients send to folders
     * @param codeLocation where the package of a {@code CodeSha256} can be fetched
     * @param accountConcurrency invocations that may run at the same time
     */
    public record Ports(
            StateStore store,
            CodeStore code,
            @Nullable Path bucketRoot,
            RootFolder images,
            RootFolder targets,
            Deployments deployments,
            ControlThread thread,
            UnaryOperator<String> codeLocation,
            int accountConcurrency,
            EpochClock clock,
            ErrorHandler errorHandler) {}

    private final Catalog catalog;
    private final Transaction transaction;
    private final AsyncSettings settings;
    private final Deployments deployments;
    private final TemplateFunctions templates;
    private final Rollout rollout;
    private final FunctionLife life;
    private final Map<String, OperationHandler> handlers = new HashMap<>();

    public ControlState(Ports ports) {
        catalog = new Catalog(ports.store);
        LayerCatalog layers = new LayerCatalog(ports.store);
        settings = new AsyncSettings(catalog);
        transaction = new Transaction(ports.store, this::refresh);
        rollout = new Rollout(catalog, layers, ports.deployments, ports.code, ports.thread, ports.errorHandler);
        life = new FunctionLife(catalog, transaction, rollout, ports.thread, ports.clock);
        PackageSource source = new PackageSource(ports.code, ports.bucketRoot);
        handlers.putAll(new FunctionOperations(catalog, transaction, rollout, ports.codeLocation).handlers());
        TargetRules targets = new TargetRules(catalog, ports.targets);
        ImageSource images = new ImageSource(ports.images);
        handlers.putAll(new CodeOperations(catalog, layers, targets, source, images, life, rollout).handlers());
        handlers.putAll(new ConfigurationOperations(catalog, layers, targets, life).handlers());
        handlers.putAll(new VersionOperations(catalog, life).handlers());
        handlers.putAll(new AliasOperations(catalog, transaction, rollout).handlers());
        handlers.putAll(new TagOperations(catalog).handlers());
        ConcurrencyLimits limits = new ConcurrencyLimits(catalog, ports.accountConcurrency);
        handlers.putAll(new ConcurrencyOperations(catalog, transaction, ports.deployments, limits).handlers());
        handlers.putAll(new ProvisionedOperations(catalog, transaction, rollout, limits, life).handlers());
        handlers.putAll(new EventInvokeOperations(catalog, transaction, life, targets).handlers());
        handlers.putAll(new AccountOperations(catalog, layers, limits).handlers());
        handlers.putAll(new RuntimeOperations(catalog, transaction, ports.store).handlers());
        LayerOperations layerOperations =
                new LayerOperations(layers, catalog, source, transaction, rollout, life, ports.codeLocation);
        handlers.putAll(layerOperations.handlers());
        handlers.putAll(new LayerPermissionOperations(layers).handlers());
        handlers.putAll(new TemplateMemory(ports.store).handlers());
        templates = new TemplateFunctions(catalog, layerOperations, source, life, transaction);
        deployments = ports.deployments;
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

    /** What functions ask for of their asynchronous invocations; safe on any thread. */
    public EventSettings.Source eventSettings() {
        return settings;
    }

    /**
     * Brings a template's functions in, brings to run what an earlier process has left, and sets packages
     * aside that nothing needs. On the control plane's thread, before the first operation.
     *
     * @return by function, the reason why one of its versions does not run here
     * @throws ServiceFault where a template's function is new or changed and cannot run
     * @throws TemplateException where a property of one is refused
     */
    public Map<String, String> start(List<TemplateFunction> template) {
        try {
            rollout.recoverPackages();
            Map<String, String> problems = resume(template);
            rollout.sweep(life.nowEpochMs());
            return problems;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> resume(List<TemplateFunction> template) {
        Map<String, String> problems = new LinkedHashMap<>();
        // Reservations first: they are of the name, and hold for whatever is deployed under it.
        for (FunctionRecord function : catalog.functions().all().values()) {
            reserve(function, problems);
        }
        for (TemplateFunction function : template) {
            templates.adopt(function);
            reserve(catalog.function(function.config().name()), problems);
        }
        for (VersionRecord version : List.copyOf(catalog.versions().all().values())) {
            String problem = life.resume(version);
            if (problem != null) {
                problems.put(version.name(), problem);
            }
        }
        List.copyOf(catalog.functions().all().keySet()).forEach(this::refresh);
        return problems;
    }

    private void refresh(String name) {
        settings.refresh(name);
        FunctionRecord function = catalog.functions().get(name);
        deployments.allowLoops(name, function != null && function.allowsLoops());
    }

    private void reserve(FunctionRecord function, Map<String, String> problems) {
        Integer reserved = function.reservedConcurrency();
        if (reserved == null) {
            return;
        }
        try {
            deployments.reserve(function.name(), reserved);
        } catch (ServiceFault refused) {
            problems.put(function.name(), refused.text());
        }
    }
}
