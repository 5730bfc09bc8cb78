package dev.thaw.runtimebridge;

import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.live.EnvironmentSignals;
import dev.thaw.scheduler.live.InvocationReports;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * The whole bridge, wired: give {@link #environments} to the scheduler and {@link #reports} to its completions. Close it
 * after the last environment is gone and before the event loops end.
 *
 * <p>Threading: safe on any thread; owns the threads {@code thaw-logs}, {@code thaw-telemetry} and {@code sandbox-ctl}.
 */
public final class RuntimeBridge implements AutoCloseable {
    private static final long CLOSE_BOUND_SEC = 10;

    private final FunctionLogs logs;
    private final TelemetryDelivery telemetry;
    private final ExecutorService control;
    private final SandboxEnvironments environments;
    private final EnvironmentReports reports;

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
        BridgeContext context = new BridgeContext(
                config, backend, signals, logs, telemetry, control, RuntimeApiServer::serve, clock, epochClock);
        environments = new SandboxEnvironments(context, eventLoops);
        reports = new EnvironmentReports(environments, logs);
    }

    /** Names what {@code functionId} of the scheduler runs; before its first invocation. */
    public void addFunction(int functionId, DeployedFunction function) {
        environments.addFunction(functionId, function);
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
