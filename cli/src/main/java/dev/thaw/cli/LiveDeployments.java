package dev.thaw.cli;

import dev.thaw.runtimebridge.DeployedFunction;
import dev.thaw.runtimebridge.RuntimeBridge;
import dev.thaw.runtimebridge.Snapshot;
import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.code.CodePackage;
import dev.thaw.sandbox.code.ContainerImages;
import dev.thaw.sandbox.image.ContainerImage;
import dev.thaw.scheduler.control.Deployments;
import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.control.SnapshotRefused;
import dev.thaw.scheduler.core.ProvisionedConcurrency;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.InvocationRoute;
import dev.thaw.scheduler.functions.RegisteredFunction;
import dev.thaw.scheduler.live.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Deploys to this process: packages unpacked and images readied on this host, functions and limits in the running
 * scheduler, routes in the registry.
 *
 * <p>Threading: safe on any but the scheduler's thread, which calls wait for.
 */
final class LiveDeployments implements Deployments {
    /** There is no such function. */
    static final int NONE = -1;

    private static final String REGION = "us-east-1";

    private final FunctionRegistry functions;
    private final Engine engine;
    private final RuntimeBridge bridge;
    private final ContainerImages images;
    private final Backends backends;
    private final Path packages;
    private final Snapshots snapshots;
    /** What deployments go on from. */
    private final Map<Integer, Snapshot> snapshotsOf = new ConcurrentHashMap<>();

    /** {@code packages} is the folder where zips are unpacked, each content once. */
    LiveDeployments(
            FunctionRegistry functions,
            Engine engine,
            RuntimeBridge bridge,
            ContainerImages images,
            Backends backends,
            Path packages,
            Snapshots snapshots) {
        this.functions = functions;
        this.engine = engine;
        this.bridge = bridge;
        this.images = images;
        this.backends = backends;
        this.packages = packages;
        this.snapshots = snapshots;
    }

    /** Deploys a template's function, routed and with its reservation. */
    void add(FunctionConfig config) throws IOException {
        String name = config.name();
        engine.reserve(name, config.reservedConcurrency());
        int functionId = deploy(ready(config));
        functions.route(name, FunctionRoutes.latestOnly(functionId));
    }

    @Override
    public void prepare(FunctionConfig config) throws IOException {
        readyOrRefuse(config);
    }

    @Override
    public int deploy(FunctionConfig config, String version) throws IOException {
        return deploy(readyOrRefuse(config).at(version));
    }

    @Override
    public @Nullable String snapshotProblem() {
        return snapshots.problem();
    }

    @Override
    public int deployFromSnapshot(FunctionConfig config, String version)
            throws IOException, SnapshotRefused, InterruptedException {
        DeployedFunction function = readyOrRefuse(config).at(version);
        Snapshot snapshot = snapshots.take(function);
        int functionId = deploy(function.restoredFrom(snapshot));
        snapshotsOf.put(functionId, snapshot);
        return functionId;
    }

    @Override
    public void route(String name, FunctionRoutes routes) {
        functions.route(name, routes);
    }

    @Override
    public void withhold(String name, String version, @Nullable String state) {
        functions.withhold(name, version, state);
    }

    @Override
    public void allowLoops(String name, boolean allowed) {
        functions.loops().allow(name, allowed);
    }

    @Override
    public void unroute(String name) {
        functions.unroute(name);
    }

    @Override
    public void retire(int functionId, Runnable gone) {
        engine.retire(functionId, () -> {
            bridge.removeFunction(functionId);
            functions.forget(functionId);
            // Not on the scheduler's thread: this deletes files, and so does whoever waits for it.
            Thread.ofVirtual().name("thaw-retire").start(() -> {
                forgetSnapshot(functionId);
                gone.run();
            });
        });
    }

    private void forgetSnapshot(int functionId) {
        Snapshot snapshot = snapshotsOf.remove(functionId);
        if (snapshot != null) {
            Snapshots.delete(snapshot);
        }
    }

    @Override
    public void reserve(String name, int reservedConcurrency) {
        refusing(() -> engine.reserve(name, reservedConcurrency));
    }

    @Override
    public void provision(int functionId, int environments) {
        refusing(() -> engine.provision(functionId, environments));
    }

    @Override
    public Provisioned provisioned(int functionId) {
        ProvisionedConcurrency state = concurrency(functionId);
        return new Provisioned(state.requested(), state.allocated(), state.available(), state.failed());
    }

    /** What a name, with qualifier or without, leads to now; of an alias the version that is not additional. */
    int find(String name) {
        FunctionReference reference = FunctionReference.parse(name);
        InvocationRoute route = reference == null ? null : functions.resolve(reference);
        return route == null ? NONE : route.primary().functionId();
    }

    /** As {@link #provisioned}, with what it has served. */
    ProvisionedConcurrency concurrency(int functionId) {
        return engine.provisioned(functionId);
    }

    private int deploy(DeployedFunction function) {
        FunctionConfig config = function.config();
        int overheadMib = backends.sandboxes().overheadMib(architecture(config), config.memoryMib());
        RegisteredFunction registered =
                engine.deploy(config, function.version(), function.snapshot() != null, overheadMib);
        bridge.addFunction(registered.functionId(), function);
        return registered.functionId();
    }

    private DeployedFunction readyOrRefuse(FunctionConfig config) throws IOException {
        try {
            return ready(config);
        } catch (WrongUse | IllegalArgumentException unfit) {
            throw ServiceFault.invalidParameter(String.valueOf(unfit.getMessage()));
        }
    }

    private DeployedFunction ready(FunctionConfig config) throws IOException {
        if (config.image() != null) {
            ContainerImage image = images.prepare(config.codeUri(), architecture(config));
            backends.runtimes().prepareContainer(image.root());
            return DeployedFunction.of(config, image, REGION);
        }
        Path code = CodePackage.prepare(config.codeUri(), packages);
        List<Path> layers = new ArrayList<>();
        for (Path layer : config.layers()) {
            layers.add(CodePackage.prepare(layer, packages));
        }
        Map<String, Path> runtime = backends.runtimes().mountsOf(config);
        backends.runtimes().prepare(code, layers);
        return new DeployedFunction(config, code, layers, runtime, REGION).checkedBy(SealedPackages.of(code, layers));
    }

    private static Architecture architecture(FunctionConfig config) {
        return config.architecture().equals(Architecture.ARM64.key()) ? Architecture.ARM64 : Architecture.X86_64;
    }

    private static void refusing(Runnable change) {
        try {
            change.run();
        } catch (IllegalArgumentException unfit) {
            throw ServiceFault.invalidParameter(String.valueOf(unfit.getMessage()));
        }
    }
}
