package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.live.EnvironmentSignals;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Initialises one environment of a version, outside of the scheduler's fleet, makes a snapshot of it, and ends it
 * (contract.md sections 2.1 and 2.2).
 *
 * <p>Threading: its event loop, on which the environment's signals are told.
 */
final class SnapshotTaker implements EnvironmentSignals {
    /** Least limit of such an init; that of an invocation, where it is longer. */
    private static final int INIT_LIMIT_SEC = 130;

    private final EventLoop eventLoop;
    private final EnvironmentLog log;
    private final FunctionLogs logs;
    private final InvocationResult result = new InvocationResult();
    private final EnvironmentLife life;
    private final Path folder;
    private final long limitSec;
    private final CompletableFuture<Snapshot> taken = new CompletableFuture<>();
    private @Nullable Future<?> limit;
    private @Nullable Snapshot snapshot;
    private @Nullable SnapshotFailure failure;

    private SnapshotTaker(
            BridgeContext context, DeployedFunction function, EventLoop eventLoop, Path folder, String logId) {
        this.eventLoop = eventLoop;
        this.folder = folder;
        limitSec = Math.max(INIT_LIMIT_SEC, function.config().timeoutSec());
        logs = context.logs();
        EnvironmentLaunch launch =
                EnvironmentLaunch.at(context.epochClock().time(), function, InitializationType.SNAP_START, logId);
        log = new EnvironmentLog(launch.logFile(context.config().logDirectory()), function, context.epochClock());
        EnvironmentInit init = new EnvironmentInit(logs, log, launch);
        life = new EnvironmentLife(context.tellingTo(this), launch, eventLoop, 0, log, init, result);
    }

    /** {@code folder} is empty and stays the caller's. Ends with the snapshot or a {@link SnapshotFailure}. */
    static CompletableFuture<Snapshot> take(
            BridgeContext context, DeployedFunction function, EventLoop eventLoop, Path folder, String logId) {
        SnapshotTaker taker = new SnapshotTaker(context, function, eventLoop, folder, logId);
        eventLoop.execute(taker::begin);
        return taker.taken;
    }

    private void begin() {
        logs.initStart(log);
        life.create();
    }

    private void onStarting() {
        limit = eventLoop.schedule(this::onLimit, limitSec, TimeUnit.SECONDS);
    }

    private void onLimit() {
        fail("FunctionError.InitTimeout", "Init did not end within " + limitSec + " s");
        life.reset(ResetReason.INIT_TIMEOUT);
    }

    private void endLimit() {
        Future<?> running = limit;
        limit = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void fail(String reasonCode, String message) {
        if (failure == null) {
            failure = new SnapshotFailure(reasonCode, message);
        }
    }

    private void failInit() {
        endLimit();
        RuntimeFailure why = result.endedBy();
        if (why == null) {
            fail("InternalError", "The environment was lost");
        } else {
            fail(reasonCode(why), why.logType() + (why.text().isEmpty() ? "" : ": " + why.text()));
        }
        life.destroy(ShutdownReason.SPINDOWN);
    }

    private static String reasonCode(RuntimeFailure why) {
        if (why.outOfMemory()) {
            return "FunctionError.InitResourceExhausted";
        }
        if (why.type().startsWith("Extension.")) {
            return "FunctionError.ExtensionInitError";
        }
        return why.type().equals("Runtime.InvalidEntrypoint")
                ? "FunctionError.InvalidEntryPoint"
                : "FunctionError.RuntimeInitError";
    }

    private void onSnapshot(@Nullable String why) {
        if (why == null) {
            snapshot = life.described(folder);
        } else {
            fail("InternalError", why);
        }
        life.destroy(ShutdownReason.SPINDOWN);
    }

    // --- what the environment tells

    @Override
    public void sandboxCreated(long environmentId) {
        onStarting();
    }

    @Override
    public void extensionsStarting(long environmentId) {
        onStarting();
    }

    @Override
    public void extensionsRegistered(long environmentId) {}

    @Override
    public void runtimeConnected(long environmentId) {}

    @Override
    public void ready(long environmentId) {
        if (limit != null) {
            endLimit();
            life.snapshot(folder, this::onSnapshot);
        }
    }

    @Override
    public void response(long environmentId, Outcome outcome) {}

    @Override
    public void initFailed(long environmentId) {
        failInit();
    }

    @Override
    public void runtimeExit(long environmentId) {
        failInit();
    }

    @Override
    public void thawed(long environmentId) {}

    /** Its time was over. */
    @Override
    public void reset(long environmentId) {
        life.destroy(ShutdownReason.SPINDOWN);
    }

    @Override
    public void destroyed(long environmentId) {
        endLimit();
        Snapshot done = snapshot;
        if (done != null) {
            taken.complete(done);
            return;
        }
        fail("InternalError", "The environment was lost");
        taken.completeExceptionally(failure);
    }
}
