package dev.thaw.loadgen;

import io.netty.channel.Channel;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The load's thread: runs jobs that drive I/O themselves, and I/O alone between them. Native epoll where this host has
 * it.
 *
 * <p>Threading: {@link #call}, {@link #wakeUp} and {@link #close} on any thread but this one; {@link #turn} on this one.
 */
final class LoadThread implements AutoCloseable {
    private static final String NAME = "thaw-load-1";
    private static final long BETWEEN_JOBS_NS = 1_000_000_000L;
    /** epoll may round longer waits up to whole milliseconds: they end early, and the rest is a wait of its own. */
    private static final long LONG_WAIT_NS = 10_000_000L;

    private static final long LONG_WAIT_ROUNDING_NS = 2_000_000L;

    /** Netty keeps its pools of buffers and objects by such threads only. */
    private final Thread thread = new FastThreadLocalThread(this::work, NAME);

    private final ManualIoEventLoop loop;
    private final Class<? extends Channel> channelType;
    private volatile @Nullable FutureTask<?> job;
    private volatile boolean closed;

    LoadThread() {
        boolean epoll = Epoll.isAvailable();
        channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        thread.setDaemon(true);
        loop = new ManualIoEventLoop(thread, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        thread.start();
    }

    ManualIoEventLoop loop() {
        return loop;
    }

    Class<? extends Channel> channelType() {
        return channelType;
    }

    /** Runs a job on the thread and waits for its end. One at a time. */
    <T> T call(Callable<T> work) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        if (closed) {
            throw new IllegalStateException("closed");
        }
        job = task;
        loop.wakeup();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException("load failed: " + e.getCause(), e.getCause());
        }
    }

    void wakeUp() {
        loop.wakeup();
    }

    /** One turn of I/O and of the loop's tasks. Sleeps for up to {@code waitNs}, or polls where that is not above 0. */
    void turn(long waitNs) {
        if (waitNs <= 0) {
            loop.runNow();
        } else {
            loop.run(waitNs > LONG_WAIT_NS ? waitNs - LONG_WAIT_ROUNDING_NS : waitNs);
        }
    }

    private void work() {
        ShortSlice.request(); // where the kernel does not know it, runs are late as they were: the record says so
        while (!closed) {
            FutureTask<?> task = job;
            if (task == null) {
                turn(BETWEEN_JOBS_NS);
            } else {
                job = null;
                task.run();
            }
        }
        Future<?> ended = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        while (!ended.isDone()) {
            loop.runNow();
        }
    }

    /** Waits until its connections are closed. */
    @Override
    public void close() {
        closed = true;
        loop.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
