package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One environment: turns the scheduler's commands into calls on its sandbox and its runtime, and what these two say into
 * signals. What is going on is kept by its parts: {@link SandboxControl} the sandbox, {@link EnvironmentRun} the runtime
 * in it, {@link EnvironmentInit} its init, {@link InvocationResult} what became of the invocation, {@link SandboxUsage}
 * what was used, {@link EnvironmentLog} what was written. With extensions: {@link EnvironmentShutdown} how a run ends,
 * {@link OverhangReport} what is reported once they are done.
 *
 * <p>No exchange is touched on the event loop. {@link #dispatch} takes the event out of it, {@link InvocationResult#settle}
 * puts the result into it, both on the scheduler's thread: an exchange that timed out may serve another client already
 * while a late response comes in, and that response then has nothing to write to.
 *
 * <p>Threading: commands on the scheduler's thread; they and everything that happens go on in {@code eventLoop}.
 */
final class SandboxEnvironment implements SandboxControl.Listener, EnvironmentRun.Listener {
    /** Lets a response that its runtime sent just before it ended be read first. */
    private static final long EXIT_GRACE_MS = 1;

    private final BridgeContext context;
    private final EnvironmentLaunch launch;
    private final EventLoop eventLoop;
    private final EnvironmentLog log;
    private final SandboxControl control;
    private final EnvironmentInit init;
    private final OverhangReport overhang;
    private final EnvironmentShutdown shutdown;
    private final InvocationResult result = new InvocationResult();
    private final SandboxUsage usage = new SandboxUsage();
    private final RuntimeApiEvent event = new RuntimeApiEvent();
    private final Runnable dispatchTask = this::onDispatch;
    private final Runnable freezeTask = this::onFreeze;
    private final Runnable thawTask = this::onThaw;
    private final Runnable thawedTask = this::onThawed;
    final long environmentId;

    /** The event loop's. Null before the sandbox is created, after the runtime's end, and from a destroy on. */
    private @Nullable EnvironmentRun run;

    SandboxEnvironment(
            BridgeContext context, DeployedFunction function, EventLoop eventLoop, long environmentId, String logId) {
        this.context = context;
        this.eventLoop = eventLoop;
        this.environmentId = environmentId;
        launch = EnvironmentLaunch.at(context.epochClock().time(), function, logId);
        log = new EnvironmentLog(launch.logFile(context.config().logDirectory()), function);
        control = new SandboxControl(context, eventLoop, log, this);
        init = new EnvironmentInit(context.logs(), log, logId);
        overhang = new OverhangReport(context.logs(), function);
        shutdown = new EnvironmentShutdown(eventLoop, context.epochClock());
    }

    // --- its parts, for the scheduler's thread

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
        return control.sandbox();
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

    // --- commands, on the scheduler's thread

    void create() {
        context.logs().initStart(log);
        run(() -> control.create(launch.spec(context.config().credentials())));
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
        usage.start(control.sandbox(), exchange);
        run(dispatchTask);
    }

    /** END and REPORT of an invocation that {@link InvocationResult#overhangs}. */
    void holdReport(LogEntry report, long nowNs) {
        run(() -> onReport(report, nowNs));
    }

    void initialize() {
        run(this::onInitializeCommand);
    }

    void freeze() {
        run(freezeTask);
    }

    void thaw() {
        run(thawTask);
    }

    void reset(ResetReason reason) {
        run(() -> onResetCommand(reason));
    }

    void destroy() {
        run(this::onDestroyCommand);
    }

    @HotPath
    private void run(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    // --- commands, on the event loop

    @HotPath
    private void onDispatch() {
        EnvironmentRun current = run;
        if (current == null) {
            event.release();
        } else {
            if (current.extensions.exist()) {
                current.extensions.dispatch(event);
            }
            current.session.dispatch(event);
        }
    }

    private void onInitializeCommand() {
        if (control.isLive()) {
            init.suppress();
            startProcesses();
        }
    }

    private void onFreeze() {
        EnvironmentRun current = run;
        if (current != null) {
            current.session.flushHeld();
            control.freeze();
        }
    }

    private void onThaw() {
        control.thaw(thawedTask);
    }

    private void onThawed() {
        context.signals().thawed(environmentId);
    }

    private void onResetCommand(ResetReason reason) {
        result.dropAnswer();
        if (!control.isLive()) {
            return;
        }
        if (reason == ResetReason.INIT_TIMEOUT) {
            init.timeOut(context.clock().nanoTime());
        }
        EnvironmentRun ended = run;
        if (ended != null && reason == ResetReason.TIMEOUT) {
            ended.session.timeOut();
        } else if (ended != null) {
            ended.session.end();
        }
        shutDown(ended, ShutdownReason.of(reason), control::reset);
    }

    private void onDestroyCommand() {
        result.dropAnswer();
        if (!shutdown.redirect(this::destroyNow)) {
            shutDown(run, ShutdownReason.SPINDOWN, this::destroyNow);
        }
    }

    private void destroyNow() {
        endRun();
        control.destroy();
    }

    /** Ends what lives in the sandbox, extensions in order, and goes on with {@code then}. */
    private void shutDown(@Nullable EnvironmentRun ended, ShutdownReason reason, Runnable then) {
        overhang.release(context.clock().nanoTime());
        Sandbox current = control.sandbox();
        if (ended == null || current == null || !control.isLive() || !ended.extensions.exist()) {
            then.run();
            return;
        }
        shutdown.prepare(ended, reason, then);
        control.thaw(() -> run(() -> shutdown.begin(ended, current)));
    }

    // --- the sandbox, on the event loop

    @Override
    public void onCreated(Sandbox created) {
        openRun(created);
        if (created.extensions().isEmpty()) {
            context.signals().sandboxCreated(environmentId);
        } else {
            context.signals().extensionsStarting(environmentId);
        }
        startProcesses();
    }

    @Override
    public void onExited(ExitStatus status) {
        EnvironmentRun ended = run;
        if (ended != null) {
            ended.onRuntimeEnded();
        }
        if (!shutdown.proceed() && ended != null) {
            Future<?> _ = eventLoop.schedule(() -> onExited(ended, status), EXIT_GRACE_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void onExited(EnvironmentRun ended, ExitStatus status) {
        if (ended != run || ended.hasFailed() || !control.isLive()) {
            return; // known already, or asked for
        }
        fail(ended, RuntimeFailure.exited(status));
    }

    @Override
    public void onExtensionExited(int index, ExitStatus status) {
        EnvironmentRun current = run;
        if (current != null) {
            current.extensions.onExited(index, status);
        }
        boolean _ = shutdown.proceed();
    }

    /** A process of the run ended, or an extension gave up: the scheduler has the rest ended. */
    private void fail(EnvironmentRun ended, RuntimeFailure why) {
        boolean inInit = init.isRunning();
        if (ended.extensions.exist()) {
            ended.fail();
            overhang.release(context.clock().nanoTime());
        } else {
            endRun();
        }
        if (!inInit) {
            result.end(why);
            context.signals().runtimeExit(environmentId);
        } else if (!init.hasFailed()) {
            result.end(why);
            failInit(why);
        }
    }

    @Override
    public void onReset(Sandbox done) {
        endRun();
        openRun(done);
        context.signals().reset(environmentId);
    }

    @Override
    public void onFailing() {
        endRun();
    }

    /** An answer on its way to the scheduler stays: its signal comes before this one's. */
    @Override
    public void onGone() {
        endRun();
        context.logs().close(log);
        context.signals().destroyed(environmentId);
    }

    private void openRun(Sandbox current) {
        TelemetryFeed feed = new TelemetryFeed(context.epochClock());
        TelemetrySubscriptions telemetry =
                new TelemetrySubscriptions(feed, log, context.logs(), context.telemetry(), current::connectInside);
        EnvironmentRun opened =
                new EnvironmentRun(current, function().config(), this, telemetry, eventLoop, context.runtimeApi());
        run = opened;
        context.logs().attach(log, opened.output, feed);
    }

    private void endRun() {
        EnvironmentRun ended = run;
        run = null;
        overhang.release(context.clock().nanoTime());
        shutdown.cancel();
        if (ended != null) {
            ended.end();
        }
    }

    private void startProcesses() {
        result.forgetEnd();
        EnvironmentRun current = run;
        init.start(context.clock().nanoTime(), current == null ? null : current.telemetry.feed());
        control.start(!init.isSuppressed());
        if (current != null && !current.extensions.hasExternal()) {
            current.onRuntimeStarted();
        }
    }

    private void failInit(RuntimeFailure why) {
        init.fail(context.clock().nanoTime(), why);
        context.signals().initFailed(environmentId);
    }

    // --- the runtime, on the event loop

    @Override
    public void onConnected() {
        context.signals().runtimeConnected(environmentId);
    }

    @Override
    @HotPath
    public void onReady() {
        EnvironmentRun current = run;
        if (current != null && current.extensions.exist()) {
            slowOnWaiting(current);
        } else {
            ready();
        }
    }

    @HotPath
    private void ready() {
        if (init.isRunning()) {
            slowOnInitDone();
        }
        context.signals().ready(environmentId);
    }

    /** Somebody asked for an event, or the report is here: it is free once all have asked and the report is written. */
    private void slowOnWaiting(EnvironmentRun current) {
        if (current.session.isInitOver()) {
            init.completeRuntime();
            current.extensions.closeRegistration();
        }
        if (!current.hasFailed() && current.isWaiting() && !overhang.isExpected()) {
            overhang.release(context.clock().nanoTime());
            ready();
        }
    }

    private void onReport(LogEntry report, long answeredNs) {
        EnvironmentRun current = run;
        if (current != null) {
            current.telemetry.tellRuntimeDone(report);
        }
        overhang.hold(report, answeredNs);
        if (current == null || current.hasFailed()) {
            overhang.release(context.clock().nanoTime());
        } else {
            slowOnWaiting(current);
        }
    }

    @Override
    public void onExtensionsReady() {
        EnvironmentRun current = run;
        if (current != null) {
            slowOnWaiting(current);
        }
    }

    @Override
    public void onExtensionsRegistered() {
        EnvironmentRun current = run;
        if (current != null) {
            if (!init.isSuppressed()) {
                context.signals().extensionsRegistered(environmentId);
            }
            current.onRuntimeStarted();
            control.startRuntime();
        }
    }

    @Override
    public void onExtensionFailed(RuntimeFailure why) {
        EnvironmentRun current = run;
        if (current != null && control.isLive()) {
            fail(current, why);
        }
    }

    private void slowOnInitDone() {
        EnvironmentRun current = run;
        init.complete(context.clock().nanoTime(), current == null ? OutputPipe.UNKNOWN : current.output.position());
        if (current != null) {
            current.extensions.closeRegistration();
            current.telemetry.close(current.extensions);
        }
        if (!init.isSuppressed()) {
            control.endBoost();
        }
    }

    @Override
    @HotPath
    public void onResponse(ByteBuf response) {
        answered(response, null, Outcome.RESPONSE);
    }

    @Override
    public void onResponseTooLarge() {
        answered(null, RuntimeFailure.RESPONSE_TOO_LARGE, Outcome.FUNCTION_ERROR);
    }

    @Override
    public void onError(String errorType, ByteBuf report) {
        answered(report, RuntimeFailure.reported(errorType), Outcome.FUNCTION_ERROR);
    }

    /** A stream that its runtime ended, well or with an error of its own, is a response either way. */
    @Override
    public void onStreamed(@Nullable String errorType, @Nullable ByteBuf report) {
        answered(report, errorType == null ? null : RuntimeFailure.reported(errorType), Outcome.RESPONSE);
    }

    @Override
    public void onStreamFailed(RuntimeFailure why) {
        answered(null, why, Outcome.FUNCTION_ERROR);
    }

    @HotPath
    private void answered(@Nullable ByteBuf response, @Nullable RuntimeFailure why, Outcome outcome) {
        EnvironmentRun current = run;
        boolean overhangs = current != null && current.extensions.exist() && current.extensions.hearInvoke();
        // What extensions still write belongs before END as well.
        long position = current == null || overhangs ? OutputPipe.UNKNOWN : current.output.fence();
        result.setOverhangs(overhangs);
        if (overhangs) {
            overhang.expect();
        }
        result.answer(response, why, position);
        context.signals().response(environmentId, outcome);
    }

    @Override
    public void onInitError(String errorType, ByteBuf report) {
        RuntimeFailure why = new RuntimeFailure(errorType, "Error: " + errorType, true, false);
        result.end(why, report);
        failInit(why);
    }
}
