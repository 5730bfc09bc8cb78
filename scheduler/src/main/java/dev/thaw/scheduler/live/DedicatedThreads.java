package dev.thaw.scheduler.live;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/** A scheduler thread {@code thaw-scheduler} beside event loops {@code thaw-io-..}. */
final class DedicatedThreads implements SchedulerThreads {
    /** With its number behind it. */
    static final String EVENT_LOOP = "thaw-io";

    /** Not 0: an event loop that is told to end without a quiet period may end before it has closed its channels. */
    private static final long QUIET_MS = 20;

    private final EventLoopGroup eventLoops;
    private final IdleStrategy idleStrategy;
    private final ErrorHandler errorHandler;
    private @Nullable AgentRunner runner;

    DedicatedThreads(int eventLoopCount, IdleStrategy idleStrategy, ErrorHandler errorHandler) {
        eventLoops = new MultiThreadIoEventLoopGroup(
                eventLoopCount, new DefaultThreadFactory(EVENT_LOOP, true), EpollIoHandler.newFactory());
        this.idleStrategy = idleStrategy;
        this.errorHandler = errorHandler;
    }

    @Override
    public EventLoopGroup eventLoops() {
        return eventLoops;
    }

    @Override
    public void start(SchedulerAgent agent) {
        AgentRunner started = new AgentRunner(idleStrategy, errorHandler, null, agent);
        runner = started;
        AgentRunner.startOnThread(started, loop -> {
            Thread thread = new Thread(loop, agent.roleName());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void stop(long boundMs) {
        AgentRunner started = runner;
        if (started != null) {
            started.close();
        }
        // A loop that is told to end closes its channels before it looks at its tasks: answers among them go first.
        for (EventExecutor loop : eventLoops) {
            loop.submit(() -> {}).awaitUninterruptibly(boundMs);
        }
        eventLoops.shutdownGracefully(QUIET_MS, boundMs, TimeUnit.MILLISECONDS).awaitUninterruptibly(boundMs);
    }
}
