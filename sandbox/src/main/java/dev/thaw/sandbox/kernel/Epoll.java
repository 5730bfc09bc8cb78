package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Architecture;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waits for descriptors to become readable; those of processes do when the process ends. {@code epollFd} is a
 * descriptor of the caller's.
 *
 * <p>Threading: safe on any thread; events are read into the thread's own buffer.
 */
public final class Epoll {
    private Epoll() {}

    public static int create() {
        return (int) Kernel.check(Kernel.call(Syscall.EPOLL_CREATE1, Kernel.O_CLOEXEC, 0, 0, 0, 0), "epoll_create1");
    }

    /** Watches a descriptor for input; {@code key} comes back from {@link #await}. */
    public static long add(int epollFd, int fd, long key) {
        // struct epoll_event is packed on x86_64 only.
        int keyOffset = Architecture.host() == Architecture.X86_64 ? 4 : 8;
        MemorySegment event = Kernel.data();
        int in = 1;
        event.set(ValueLayout.JAVA_INT, 0, in);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, keyOffset, key);
        int add = 1;
        return Kernel.call(Syscall.EPOLL_CTL, epollFd, add, fd, event.address(), 0);
    }

    public static long remove(int epollFd, int fd) {
        int delete = 2;
        return Kernel.call(Syscall.EPOLL_CTL, epollFd, delete, fd, Kernel.data().address(), 0);
    }

    /** Waits for the next ready descriptor: its key. */
    public static long await(int epollFd) {
        int keyOffset = Architecture.host() == Architecture.X86_64 ? 4 : 8;
        long count;
        do {
            count = Kernel.call(Syscall.EPOLL_PWAIT, epollFd, Kernel.data().address(), 1, -1, 0);
        } while (count == -Kernel.EINTR);
        Kernel.check(count, "epoll_pwait");
        return Kernel.data().get(ValueLayout.JAVA_LONG_UNALIGNED, keyOffset);
    }
}
