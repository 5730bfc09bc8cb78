package dev.thaw.runtimebridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the log thread waits on: output pipes that have bytes, and a wake-up.
 *
 * <p>Threading: the log thread, but for {@link #wake}, which is safe on any thread until {@link #free}.
 */
final class OutputPoller {
    private static final int READ_BYTES = 64 << 10;
    private static final int EVENTS = 256;

    private final Arena arena = Arena.ofShared();
    /** The log thread's own. */
    final Posix posix = new Posix(arena);
    /** The log thread's own, for what it reads. */
    final MemorySegment scratch = arena.allocate(READ_BYTES, 8);

    private final Posix wakePosix = new Posix(arena);
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
    private final MemorySegment events = arena.allocate(EVENTS * Posix.EVENT_BYTES, 8);
    private final MemorySegment event = arena.allocate(Posix.EVENT_BYTES, 8);
    private final int wakeFd = require("eventfd", posix.eventFd());
    private final int epollFd = require("epoll_create1", posix.epollCreate());
    private final int restFd = require("epoll_create1", posix.epollCreate());

    OutputPoller() {
        watch(wakeFd);
        require("epoll_ctl", posix.epollControl(restFd, Posix.EPOLL_CTL_ADD, wakeFd, event));
    }

    void wake() {
        long _ = wakePosix.write(wakeFd, one);
    }

    /** Waits for output or a wake-up; returns of how many descriptors {@link #ready} tells. */
    int await(int timeoutMs) {
        return posix.epollWait(epollFd, events, timeoutMs);
    }

    int ready(int index) {
        return (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, index * Posix.EVENT_BYTES + Posix.EVENT_DATA_OFFSET);
    }

    /** Takes the wake-up back, where {@code fd} is that; otherwise it is a pipe's. */
    boolean tookWakeUp(int fd) {
        if (fd != wakeFd) {
            return false;
        }
        long _ = posix.read(wakeFd, scratch);
        return true;
    }

    /** Waits, whatever the pipes hold; a wake-up ends it. */
    void rest(int timeoutMs) {
        int _ = posix.epollWait(restFd, event, timeoutMs);
    }

    void watch(int fd) {
        require("epoll_ctl", posix.epollControl(epollFd, Posix.EPOLL_CTL_ADD, fd, event));
    }

    void unwatch(int fd) {
        int _ = posix.epollControl(epollFd, Posix.EPOLL_CTL_DEL, fd, event);
    }

    /** Once the log thread has ended. */
    void free() {
        int _ = posix.close(wakeFd);
        int _ = posix.close(restFd);
        int _ = posix.close(epollFd);
        arena.close();
    }

    private static int require(String call, int result) {
        if (result < 0) {
            throw new IllegalStateException(call + " failed with errno " + -result);
        }
        return result;
    }
}
