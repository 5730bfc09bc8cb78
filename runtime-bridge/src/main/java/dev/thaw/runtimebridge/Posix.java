package dev.thaw.runtimebridge;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few system calls that collecting output needs. Negative results are {@code -errno}.
 *
 * <p>Threading: safe on any thread; errno is kept by the caller's {@code errno} segment.
 */
@SuppressWarnings("restricted") // binding to the C library is what this class is for
final class Posix {
    static final int EAGAIN = 11;
    static final int EINTR = 4;
    static final int EPOLLIN = 1;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;
    private static final long FIONREAD = 0x541B;

    /** {@code struct epoll_event} is packed on x86_64 only. */
    private static final boolean PACKED_EVENT = System.getProperty("os.arch").equals("amd64");

    static final long EVENT_BYTES = PACKED_EVENT ? 12 : 16;
    static final long EVENT_DATA_OFFSET = PACKED_EVENT ? 4 : 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final MethodHandle READ = bind("read", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));
    private static final MethodHandle WRITE =
            bind("write", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle EPOLL_CREATE = bind("epoll_create1", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle EPOLL_CTL =
            bind("epoll_ctl", FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS));
    private static final MethodHandle EPOLL_WAIT =
            bind("epoll_wait", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT, INT));
    private static final MethodHandle EVENTFD = bind("eventfd", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle IOCTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(INT, INT, LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));

    private final MemorySegment errno;

    /** {@code arena} keeps what one thread needs for its calls. */
    Posix(Arena arena) {
        errno = arena.allocate(CAPTURE);
    }

    long read(int fd, MemorySegment into) {
        try {
            return result((long) READ.invokeExact(errno, fd, into, into.byteSize()));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    long write(int fd, MemorySegment from) {
        try {
            return result((long) WRITE.invokeExact(errno, fd, from, from.byteSize()));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    int close(int fd) {
        try {
            return (int) result((int) CLOSE.invokeExact(errno, fd));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    int epollCreate() {
        try {
            return (int) result((int) EPOLL_CREATE.invokeExact(errno, EPOLL_CLOEXEC));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** {@code event} is scratch of {@link #EVENT_BYTES}. */
    int epollControl(int epollFd, int operation, int fd, MemorySegment event) {
        event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, EPOLLIN);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_DATA_OFFSET, fd);
        try {
            return (int) result((int) EPOLL_CTL.invokeExact(errno, epollFd, operation, fd, event));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    int epollWait(int epollFd, MemorySegment events, int timeoutMs) {
        int capacity = (int) (events.byteSize() / EVENT_BYTES);
        try {
            return (int) result((int) EPOLL_WAIT.invokeExact(errno, epollFd, events, capacity, timeoutMs));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    int eventFd() {
        try {
            return (int) result((int) EVENTFD.invokeExact(errno, 0, EFD_NONBLOCK_CLOEXEC));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** Bytes that a pipe holds, or negative. {@code scratch} takes an int. Allocates nothing. */
    static int available(int fd, MemorySegment scratch) {
        try {
            int result = (int) IOCTL.invokeExact(fd, FIONREAD, scratch);
            return result < 0 ? -1 : scratch.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private long result(long value) {
        return value < 0 ? -(int) ERRNO.get(errno, 0L) : value;
    }

    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static IllegalStateException unexpected(Throwable failure) {
        return new IllegalStateException("system call could not be made", failure);
    }
}
