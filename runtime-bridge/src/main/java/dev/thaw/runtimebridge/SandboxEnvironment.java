package dev.thaw.runtimebridge;

import dev.thaw.sandbox.Sandbox;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.live.Exchange;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One environment as the scheduler sees it: hands the scheduler's commands to its {@link EnvironmentLife}, and holds what
 * the end of an invocation is made of: {@link InvocationResult} what became of it, {@link EnvironmentInit} the init before
 * it, {@link SandboxUsage} what was used, {@link EnvironmentLog} what was written.
 *
 * <p>No exchange is touched on the event loop. {@link #dispatch} takes the event out of it, {@link InvocationResult#settle}
 * puts the result into it, both on the scheduler's thread: an exchange that timed out may serve another client already
 * while a late response comes in, and that response then has nothing to write to.
 *
 * <p>Threading: the scheduler's thread; what a command does goes on in {@code eventLoop}.
 */
final class SandboxEnvironment {
    private final BridgeContext context;
    private final EnvironmentLaunch launch;
    private final EventLoop eventLoop;
    private final EnvironmentLog log;
    private final EnvironmentInit init;
    private final InvocationResult result = new InvocationResult();
    private final SandboxUsage usage = new SandboxUsage();
    private final RuntimeApiEvent event = new RuntimeApiEvent();
    private final EnvironmentLife life;
    private final Runnable dispatchTask;
    private final Runnable freezeTask;
    private final Runnable thawTask;
    final long environmentId;

    SandboxEnvironment(BridgeContext context, EnvironmentLaunch launch, EventLoop eventLoop, long environmentId) {
        this.context = context;
        this.eventLoop = eventLoop;
        this.environmentId = environmentId;
        this.launch = launch;
        log = new EnvironmentLog(
                launch.logFile(context.config().logDirectory()), launch.function(), context.epochClock());
        init = new EnvironmentInit(context.logs(), log, launch);
        life = new EnvironmentLife(context, launch, eventLoop, environmentId, log, init, result);
        dispatchTask = () -> life.dispatch(event);
        freezeTask = life::freeze;
        thawTask = life::thaw;
    }

    // --- its parts

    /** Of this very deployment: another one may say the same. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(DeployedFunction deployed) {
        return launch.function() == deployed;
    }

    DeployedFunction function() {
        return launch.function();
    }

    EnvironmentLog log() {
        return log;
    }

    /** Null before it is created and after it is gone. */
    @HotPath
    @Nullable
    Sandbox sandbox() {
        return life.sandbox();
    }

    EnvironmentInit init() {
        return init;
    }

    InvocationResult result() {
        return result;
    }

    SandboxUsage usage() {
        return usage;
    }

    // --- commands

    void create() {
        context.logs().initStart(log);
        run(life::create);
    }

    @HotPath
    void dispatch(Exchange exchange, long deadlineEpochMs, long nowNs) {
        event.requestId = exchange.requestId;
        event.deadlineEpochMs = deadlineEpochMs;
        event.invokedFunctionArn = exchange.invokedFunctionArn;
        event.traceId = exchange.traceId;
        event.clientContext = exchange.clientContext;
        event.payload = exchange.payload;
        event.stream = exchange.stream;
        exchange.payload = null;
        context.logs().start(log, exchange, init.takeOutputEnd(), nowNs);
        usage.start(life.sandbox(), exchange);
        run(dispatchTask);
    }

    /** END and REPORT of an invocation that {@link InvocationResult#overhangs}. */
    void holdReport(LogEntry report, long nowNs) {
        run(() -> life.report(report, nowNs));
    }

    void initialize(Exchange exchange) {
        if (exchange.logTail) {
            context.logs().startTail(log);
        }
        run(life::initialize);
    }

    void freeze() {
        run(freezeTask);
    }

    void thaw() {
        run(thawTask);
    }

    void reset(ResetReason reason) {
        run(() -> life.reset(reason));
    }

    void destroy(ShutdownReason why) {
        run(() -> life.destroy(why));
    }

    @HotPath
    private void run(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }
}
