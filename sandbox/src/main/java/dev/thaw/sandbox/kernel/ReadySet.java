package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Architecture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Descriptors that one thread waits for, many at once and for as long as they stay ready (level-triggered epoll). A key
 * goes in with each and comes back with its events.
 *
 * <p>Threading: one thread. Allocates nothing once built.
 */
public final class ReadySet implements AutoCloseable {
    public static final int IN = 1;
    public static final int OUT = 4;
    public static final int ERROR = 8;
    public static final int HANG_UP = 16;

    private static final int EVENTS_AT_ONCE = 128;
    /** {@code struct epoll_event} is packed on x86_64 only. */
    private static final int KEY_OFFSET = Architecture.host() == Architecture.X86_64 ? 4 : 8;

    private static final int EVENT_BYTES = KEY_OFFSET + Long.BYTES;
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int CHANGE = 3;
    private static final int FOR_EVER = -1;

    private final int epollFd = Epoll.create();
    private final MemorySegment ready = Arena.ofAuto().allocate((long) EVENTS_AT_ONCE * EVENT_BYTES, 8);
    private final MemorySegment asked = Arena.ofAuto().allocate(EVENT_BYTES, 8);

    public long add(int fd, int interest, long key) {
        return control(ADD, fd, interest, key);
    }

    public long change(int fd, int interest, long key) {
        return control(CHANGE, fd, interest, key);
    }

    public long remove(int fd) {
        return control(REMOVE, fd, 0, 0);
    }

    private long control(int operation, int fd, int interest, long key) {
        asked.set(ValueLayout.JAVA_INT, 0, interest);
        asked.set(ValueLayout.JAVA_LONG_UNALIGNED, KEY_OFFSET, key);
        return Kernel.call(Syscall.EPOLL_CTL, epollFd, operation, fd, asked.address(), 0);
    }

    /** Readable while any of them is ready. */
    public int fd() {
        return epollFd;
    }

    /** Waits until some are ready; how many. */
    public int await() {
        return await(FOR_EVER);
    }

    /** How many are ready now. */
    public int poll() {
        return await(0);
    }

    private int await(int timeoutMs) {
        long count;
        do {
            count = Kernel.call(Syscall.EPOLL_PWAIT, epollFd, ready.address(), EVENTS_AT_ONCE, timeoutMs, 0);
        } while (count == -Kernel.EINTR);
        return (int) Kernel.check(count, "epoll_pwait");
    }

    public long key(int index) {
        return ready.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EVENT_BYTES + KEY_OFFSET);
    }

    public int events(int index) {
        return ready.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES);
    }

    @Override
    public void close() {
        Kernel.close(epollFd);
    }
}
