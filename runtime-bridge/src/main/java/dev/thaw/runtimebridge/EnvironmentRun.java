package dev.thaw.runtimebridge;

import dev.thaw.sandbox.Sandbox;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One run of what lives in a sandbox, from its start to its end or reset: the session of the runtime and those of the
 * extensions beside it, the server that they talk to, the pipes that they write to. The pipes belong to the logs, which
 * close them at their ends.
 *
 * <p>Threading: its event loop.
 */
final class EnvironmentRun {
    /** What happens in a run. */
    interface Listener extends AnswerListener, Extensions.Listener {}

    final RuntimeSession session;
    final Extensions extensions;
    final TelemetrySubscriptions telemetry;
    final OutputPipe output;
    /** What external extensions write, or null where there are none. */
    final @Nullable OutputPipe extensionOutput;

    private final Runnable stopServing;
    /** Its process does not run: not yet, or not any more. */
    private boolean runtimeGone = true;

    private boolean failed;

    private EnvironmentRun(
            Sandbox sandbox,
            EnvironmentLaunch launch,
            Listener listener,
            TelemetrySubscriptions telemetry,
            EventLoop eventLoop,
            RuntimeApiOpener opener) {
        this.telemetry = telemetry;
        session = new RuntimeSession(listener, launch.snapStart());
        extensions = new Extensions(listener, telemetry::subscribe, launch.function(), sandbox.extensions());
        output = new OutputPipe(sandbox.takeOutputFd());
        extensionOutput = sandbox.extensions().isEmpty() ? null : new OutputPipe(sandbox.takeExtensionOutputFd());
        stopServing = opener.open(eventLoop, sandbox.takeRuntimeApiFd(), session, extensions);
    }

    /** In a sandbox that is there; whatever it writes goes to this log. */
    static EnvironmentRun open(
            Sandbox sandbox,
            EnvironmentLaunch launch,
            Listener listener,
            BridgeContext context,
            EnvironmentLog log,
            EventLoop eventLoop) {
        TelemetryFeed feed = new TelemetryFeed(context.epochClock());
        TelemetrySubscriptions telemetry =
                new TelemetrySubscriptions(feed, log, context.logs(), context.telemetry(), sandbox::connectInside);
        EnvironmentRun opened =
                new EnvironmentRun(sandbox, launch, listener, telemetry, eventLoop, context.runtimeApi());
        context.logs().attach(log, opened.output, opened.extensionOutput, feed);
        return opened;
    }

    /** What it says to a snapshot of it, besides the sandbox. */
    Snapshot described(Path folder) {
        return new Snapshot(folder, extensions.registrations(), telemetry.subscriptions());
    }

    /** Extensions are what they had become before the snapshot. */
    void restore(Snapshot snapshot) {
        extensions.restore(snapshot.extensions());
        snapshot.subscriptions().forEach(telemetry::restore);
    }

    /** Init has ended: nobody registers or subscribes any more. */
    void closeInit(FunctionLogs logs, EnvironmentLog log) {
        OutputPipe ofExtensions = extensionOutput;
        if (ofExtensions != null) {
            logs.initDone(log, output.position(), ofExtensions.position());
        }
        extensions.closeRegistration();
        telemetry.close(extensions);
    }

    void onRuntimeStarted() {
        runtimeGone = false;
    }

    void onRuntimeEnded() {
        runtimeGone = true;
    }

    boolean isRuntimeGone() {
        return runtimeGone;
    }

    /** Whether the runtime and every extension wait for their next event. */
    boolean isWaiting() {
        return session.isWaiting() && extensions.areReady();
    }

    /** One of its processes ended or gave up; what else happens in it does not count, but extensions may still ask. */
    void fail() {
        failed = true;
        session.end();
        extensions.end();
    }

    boolean hasFailed() {
        return failed;
    }

    void end() {
        session.end();
        extensions.end();
        stopServing.run();
        telemetry.end();
    }
}
