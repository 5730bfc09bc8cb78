package dev.thaw.scheduler.live;

import dev.thaw.scheduler.core.Scheduler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.jspecify.annotations.Nullable;

/**
 * One thread {@code thaw-fused} that runs I/O and scheduler in turns. Blocks in epoll until I/O, a message from another
 * thread, or the core's next deadline; a message of its own wakes nobody and forbids blocking instead.
 *
 * <p>Threading: {@link #stop} may be called from any other thread.
 */
final class FusedThread implements SchedulerThreads {
    static final String NAME = "thaw-fused";
    private static final long NO_WAIT = -1;
    private static final long WAIT_FOR_EVER = 0;
    private static final long ALL_TASKS = 0;

    private final Inbox inbox;
    private final ErrorHandler errorHandler;
    private final Loop loop;
    /** Of Netty's kind: on any other its recyclers allocate afresh, five objects an invocation. */
    private final Thread thread = new FastThreadLocalThread(this::run, NAME);

    private @Nullable SchedulerAgent agent;
    private volatile boolean stopping;

    FusedThread(Inbox inbox, ErrorHandler errorHandler) {
        this.inbox = inbox;
        this.errorHandler = errorHandler;
        thread.setDaemon(true);
        loop = new Loop(thread, inbox);
        inbox.onOffer(loop::wakeup);
    }

    @Override
    public EventLoopGroup eventLoops() {
        return loop;
    }

    @Override
    public void start(SchedulerAgent newAgent) {
        agent = newAgent;
        thread.start();
    }

    @Override
    public void stop(long boundMs) {
        stopping = true;
        if (thread.getState() == Thread.State.NEW) {
            agent = null;
            thread.start();
        }
        loop.wakeup();
        loop.terminationFuture().awaitUninterruptibly(boundMs);
    }

    private void run() {
        SchedulerAgent current = agent;
        while (!stopping && current != null) {
            loop.run(cycle(current), ALL_TASKS);
        }
        Future<?> _ = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS); // its end is polled below
        while (!loop.isTerminated()) {
            loop.run(WAIT_FOR_EVER, ALL_TASKS);
        }
    }

    /** One cycle of the scheduler; returns how long I/O may block. A bug in it is reported and does not take the server down; errors do. */
    private long cycle(SchedulerAgent current) {
        try {
            current.doWork();
            return waitNs(current);
        } catch (RuntimeException e) {
            errorHandler.onError(e);
            return NO_WAIT;
        }
    }

    private long waitNs(SchedulerAgent current) {
        if (stopping || !inbox.isEmpty()) {
            return NO_WAIT;
        }
        long untilNs = current.untilDeadlineNs();
        if (untilNs == Scheduler.NO_DEADLINE) {
            return WAIT_FOR_EVER;
        }
        return untilNs == 0 ? NO_WAIT : untilNs;
    }

    /** Asked once more by epoll after it has armed its wake-up, so that no message can slip in between. */
    private final class Loop extends ManualIoEventLoop {
        private final Inbox messages;

        private Loop(Thread owner, Inbox messages) {
            super(owner, EpollIoHandler.newFactory());
            this.messages = messages;
        }

        @Override
        protected boolean canBlock() {
            return messages.isEmpty() && !stopping;
        }
    }
}
