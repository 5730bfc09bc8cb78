package dev.thaw.runtimebridge;

import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.scheduler.live.EnvironmentSignals;
import java.util.concurrent.Executor;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * What every environment shares.
 *
 * @param control the thread {@code sandbox-ctl}: commands that write to kernel files behind a lock that the kernel may
 *     hold for milliseconds, in the order in which they were given
 * @param runtimeApi serves a run's Runtime API
 */
record BridgeContext(
        BridgeConfig config,
        SandboxBackend backend,
        EnvironmentSignals signals,
        FunctionLogs logs,
        TelemetryDelivery telemetry,
        Executor control,
        RuntimeApiOpener runtimeApi,
        NanoClock clock,
        EpochClock epochClock) {
    /** The same for an environment that is not the scheduler's. */
    BridgeContext tellingTo(EnvironmentSignals others) {
        return new BridgeContext(config, backend, others, logs, telemetry, control, runtimeApi, clock, epochClock);
    }
}
