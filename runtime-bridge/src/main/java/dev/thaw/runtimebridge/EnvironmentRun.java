package dev.thaw.runtimebridge;

import dev.thaw.sandbox.Sandbox;
import io.netty.channel.EventLoop;

/**
 * One run of what lives in a sandbox, from its start to its end or reset: the session of the runtime, the server that
 * it talks to, the pipe that it writes to. Whoever else talks to that server has its session here, beside the
 * runtime's. The pipe belongs to the logs, which close it at its end.
 *
 * <p>Threading: its event loop.
 */
final class EnvironmentRun {
    final RuntimeSession session;
    final OutputPipe output;
    private final Runnable stopServing;

    EnvironmentRun(Sandbox sandbox, RuntimeSession.Listener listener, EventLoop eventLoop, RuntimeApiOpener opener) {
        session = new RuntimeSession(listener, false);
        output = new OutputPipe(sandbox.takeOutputFd());
        stopServing = opener.open(eventLoop, sandbox.takeRuntimeApiFd(), session);
    }

    void end() {
        session.end();
        stopServing.run();
    }
}
