package dev.thaw.scheduler.live;

import io.netty.channel.EventLoopGroup;

/**
 * The threads of one layout, event loops and scheduler.
 *
 * <p>Threading: made, started and stopped by one thread.
 */
sealed interface SchedulerThreads permits DedicatedThreads, FusedThread {
    EventLoopGroup eventLoops();

    /** Lets the agent run. */
    void start(SchedulerAgent agent);

    /** Ends every thread once what is queued on it has run; waits no longer than {@code boundMs}. */
    void stop(long boundMs);
}
