package dev.thaw.runtimebridge;

import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of an environment, from phase to phase: carries the commands out on its sandbox and its runtime, and makes
 * signals of what these two say. What is going on is kept by its parts: {@link SandboxControl} the sandbox,
 * {@link EnvironmentRun} the runtime in it, {@link EnvironmentInit} its init, {@link InvocationResult} what became of the
 * invocation; with extensions {@link EnvironmentShutdown} how a run ends, {@link OverhangReport} what is reported once
 * they are done.
 *
 * <p>Threading: its event loop; {@link #sandbox} on any thread.
 */
final class EnvironmentLife implements SandboxControl.Listener, EnvironmentRun.Listener {
    /** Lets a response that its runtime sent just before it ended be read first. */
    private static final long EXIT_GRACE_MS = 1;

    private final BridgeContext context;
    private final EnvironmentLaunch launch;
    private final EventLoop eventLoop;
    private final long environmentId;
    private final EnvironmentLog log;
    private final EnvironmentInit init;
    private final InvocationResult result;
    private final SandboxControl control;
    private final OverhangReport overhang;
    private final EnvironmentShutdown shutdown;
    private final Runnable thawedTask = this::onThawed;

    /** Null before the sandbox is created, after the runtime's end, and from a destroy on. */
    private @Nullable EnvironmentRun run;

    EnvironmentLife(
            BridgeContext context,
            EnvironmentLaunch launch,
            EventLoop eventLoop,
            long environmentId,
            EnvironmentLog log,
            EnvironmentInit init,
            InvocationResult result) {
        this.context = context;
        this.launch = launch;
        this.eventLoop = eventLoop;
        this.environmentId = environmentId;
        this.log = log;
        this.init = init;
        this.result = result;
        control = new SandboxControl(context, eventLoop, log, this);
        overhang = new OverhangReport(context.logs(), context.signals(), launch.function(), result);
        shutdown = new EnvironmentShutdown(eventLoop, context.epochClock());
    }

    /** Null before it is created and after it is gone. */
    @HotPath
    @Nullable
    Sandbox sandbox() {
        return control.sandbox();
    }

    // --- commands

    void create() {
        init.ask(context.clock().nanoTime());
        control.create(launch.spec(context.config().credentials()));
    }

    @HotPath
    void dispatch(RuntimeApiEvent event) {
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

    /** Once it is ready: makes a snapshot of it in this folder; {@code done} hears why not, or null. */
    void snapshot(Path folder, Consumer<@Nullable String> done) {
        control.snapshot(folder, done);
    }

    /** What it says to a snapshot of it, besides the sandbox. */
    Snapshot described(Path folder) {
        EnvironmentRun current = run;
        return current == null ? new Snapshot(folder, List.of(), List.of()) : current.described(folder);
    }

    void initialize() {
        if (control.isLive()) {
            init.suppress();
            startProcesses();
        }
    }

    void freeze() {
        EnvironmentRun current = run;
        if (current != null) {
            current.session.flushHeld();
            control.freeze();
        }
    }

    void thaw() {
        control.thaw(thawedTask);
    }

    private void onThawed() {
        context.signals().thawed(environmentId);
    }

    void reset(ResetReason reason) {
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
        // A restored one is made anew from its snapshot.
        shutDown(ended, ShutdownReason.of(reason), isRestored() ? this::destroyNow : control::reset);
    }

    private boolean isRestored() {
        return launch.snapStart() == SnapStart.RESTORED;
    }

    void destroy(ShutdownReason why) {
        result.dropAnswer();
        if (!shutdown.redirect(this::destroyNow)) {
            shutDown(run, why, this::destroyNow);
        }
    }

    private void destroyNow() {
        endRun();
        control.destroy();
    }

    /** Ends what lives in the sandbox, extensions in order, and goes on with {@code then}. */
    private void shutDown(@Nullable EnvironmentRun ended, ShutdownReason reason, Runnable then) {
        overhang.release(context.clock().nanoTime(), reason == ShutdownReason.TIMEOUT);
        if (ended == null || !control.isLive() || !ended.extensions.exist()) {
            then.run();
        } else {
            shutdown.begin(ended, control, reason, then);
        }
    }

    // --- the sandbox, on the event loop

    @Override
    public void onCreated(Sandbox created) {
        openRun(created);
        if (isRestored() || created.extensions().isEmpty()) {
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
            overhang.release(context.clock().nanoTime(), false);
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
        run = EnvironmentRun.open(current, launch, this, context, log, eventLoop);
    }

    private void endRun() {
        EnvironmentRun ended = run;
        run = null;
        overhang.release(context.clock().nanoTime(), false);
        shutdown.cancel();
        if (ended != null) {
            ended.end();
        }
    }

    private void startProcesses() {
        result.forgetEnd();
        EnvironmentRun current = run;
        init.start(context.clock().nanoTime(), current == null ? null : current.telemetry.feed());
        Snapshot snapshot = launch.function().snapshot();
        if (current != null && snapshot != null) {
            current.restore(snapshot);
        }
        control.start(!init.isSuppressed());
        if (current != null && (isRestored() || !current.extensions.hasExternal())) {
            current.onRuntimeStarted();
        }
    }

    private void failInit(RuntimeFailure why) {
        init.fail(context.clock().nanoTime(), why);
        context.signals().initFailed(environmentId);
    }

    // --- the runtime, on the event loop

    @Override
    public void onAnswerBegun() {
        result.begin(context.clock().nanoTime());
    }

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
            overhang.release(context.clock().nanoTime(), false);
            ready();
        }
    }

    void report(LogEntry report, long answeredNs) {
        EnvironmentRun current = run;
        if (current != null) {
            current.telemetry.tellRuntimeDone(report);
        }
        overhang.hold(report, answeredNs);
        if (current == null || current.hasFailed()) {
            overhang.release(context.clock().nanoTime(), false);
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
    public void onExtensionFailed(String name, List<String> events, RuntimeFailure why) {
        EnvironmentRun current = run;
        if (current != null && control.isLive()) {
            current.telemetry.tellFailed(name, events, why);
            overhang.fail(why, context.clock().nanoTime());
            fail(current, why);
        }
    }

    private void slowOnInitDone() {
        EnvironmentRun current = run;
        init.complete(context.clock().nanoTime(), current == null ? OutputPipe.UNKNOWN : current.output.position());
        if (current != null) {
            current.closeInit(context.logs(), log);
        }
        if (!init.isSuppressed()) {
            control.endBoost(init.isRestored());
        }
    }

    @Override
    @HotPath
    public void onAnswered(@Nullable ByteBuf response, @Nullable RuntimeFailure why, Outcome outcome) {
        EnvironmentRun current = run;
        boolean overhangs = current != null && current.extensions.exist() && current.extensions.hearInvoke();
        // What extensions still write belongs before END as well.
        long position = current == null || overhangs ? OutputPipe.UNKNOWN : current.output.fence();
        result.setOverhangs(overhangs);
        if (overhangs) {
            overhang.expect();
        }
        result.answer(response, why, position);
        control.onAnswered();
        context.signals().response(environmentId, outcome);
    }

    @Override
    public void onInitError(String errorType, ByteBuf report) {
        RuntimeFailure why = new RuntimeFailure(errorType, "Error: " + errorType, true, false);
        result.end(why, report);
        failInit(why);
    }
}
