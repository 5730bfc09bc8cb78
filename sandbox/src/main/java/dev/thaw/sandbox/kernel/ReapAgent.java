package dev.thaw.sandbox.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Notices within microseconds that a process ended: one thread in {@code epoll_wait} on process descriptors.
 *
 * <p>Threading: {@link #watch} is safe on any thread; what it is given runs on the thread {@code sandbox-reap}.
 */
public final class ReapAgent implements AutoCloseable {
    private static final long STOP_KEY = 0;

    private final int epollFd = Epoll.create();
    private final int stopFd = Kernel.eventFd();
    private final AtomicLong nextKey = new AtomicLong(STOP_KEY);
    private final Map<Long, Watch> watches = new ConcurrentHashMap<>();
    private final Thread thread;

    private record Watch(int pidFd, Runnable onEnded) {}

    public ReapAgent() {
        Kernel.check(Epoll.add(epollFd, stopFd, STOP_KEY), "epoll_ctl");
        thread = new Thread(this::run, "sandbox-reap");
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs {@code onEnded} once, after the process has ended. The descriptor must stay open until then. */
    public void watch(int pidFd, Runnable onEnded) {
        long key = nextKey.incrementAndGet();
        watches.put(key, new Watch(pidFd, onEnded));
        Kernel.check(Epoll.add(epollFd, pidFd, key), "epoll_ctl");
    }

    private void run() {
        for (long key = Epoll.await(epollFd); key != STOP_KEY; key = Epoll.await(epollFd)) {
            Watch watch = watches.remove(key);
            if (watch != null) {
                Epoll.remove(epollFd, watch.pidFd);
                BackendThreads.guard(watch.onEnded).run();
            }
        }
    }

    @Override
    public void close() {
        Kernel.write(stopFd, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        BackendThreads.joinUninterrupted(thread);
        Kernel.close(stopFd);
        Kernel.close(epollFd);
    }
}
