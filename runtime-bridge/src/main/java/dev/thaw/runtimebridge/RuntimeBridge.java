package dev.thaw.runtimebridge;

import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.live.EnvironmentSignals;
import dev.thaw.scheduler.live.InvocationReports;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The whole bridge, wired: give {@link #environments} to the scheduler and {@link #reports} to its completions. Close it
 * after the last environment is gone and before the event loops end.
 *
 * <p>Threading: safe on any thread; owns the threads {@code thaw-logs}, {@code thaw-telemetry} and {@code sandbox-ctl}, and
 * {@code thaw-faults} where it has a fault plan.
 */
public final class RuntimeBridge implements AutoCloseable {
    private static final long CLOSE_BOUND_SEC = 10;

    private final FunctionLogs logs;
    private final TelemetryDelivery telemetry;
    private final ExecutorService control;
    private final SandboxEnvironments sandboxes;
    private final Environments environments;
    private final InvocationReports reports;
    /** Null without a fault plan: nothing then goes through it. */
    private final @Nullable FaultInjection faults;

    public RuntimeBridge(
            BridgeConfig config,
            SandboxBackend backend,
            EventLoopGroup eventLoops,
            EnvironmentSignals signals,
            NanoClock clock,
            EpochClock epochClock) {
        logs = new FunctionLogs(clock, epochClock);
        control = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("sandbox-ctl").daemon(true).factory());
        telemetry = new TelemetryDelivery(clock, epochClock);
        FaultInjection injection = config.faults().isEmpty() ? null : new FaultInjection(config.faults());
        BridgeContext context = new BridgeContext(
                config,
                injection == null ? backend : injection.into(backend),
                signals,
                logs,
                telemetry,
                control,
                injection == null ? RuntimeApiServer::serve : injection.runtimeApi(),
                clock,
                epochClock);
        sandboxes = new SandboxEnvironments(context, eventLoops);
        InvocationReports plainReports = new EnvironmentReports(sandboxes, logs);
        environments = injection == null ? sandboxes : new FaultyEnvironments(sandboxes);
        reports = injection == null ? plainReports : injection.into(plainReports, sandboxes);
        faults = injection;
        BackendWork.serve(eventLoops, backend.loopWork());
    }

    /** Names what {@code functionId} of the scheduler runs; before its first invocation. */
    public void addFunction(int functionId, DeployedFunction function) {
        sandboxes.addFunction(functionId, function);
        sandboxes.expect(function);
    }

    /** Nothing of the function runs any more: forgets what it was. On the scheduler's thread. */
    public void removeFunction(int functionId) {
        sandboxes.removeFunction(functionId);
    }

    /**
     * Initialises an environment of the function, with the limit that goes with that, and makes a snapshot of it in an empty
     * folder, which stays the caller's; for {@link DeployedFunction#restoredFrom}. Ends with a {@link SnapshotFailure}
     * where none came of it. Beside the scheduler's fleet: its memory is not counted there.
     */
    public CompletableFuture<Snapshot> takeSnapshot(DeployedFunction function, Path folder) {
        return sandboxes.takeSnapshot(function, folder);
    }

    public Environments environments() {
        return environments;
    }

    public InvocationReports reports() {
        return reports;
    }

    /** Ends both threads; whatever they were given is done and written. */
    @Override
    public void close() {
        if (faults != null) {
            faults.close();
        }
        control.shutdown();
        try {
            boolean _ = control.awaitTermination(CLOSE_BOUND_SEC, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        logs.close();
        telemetry.close();
    }
}
