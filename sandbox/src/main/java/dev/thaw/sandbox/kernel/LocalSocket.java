package dev.thaw.sandbox.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Stream sockets between processes of this host: no network, no address but a path, and whoever may enter the path's
 * folder may connect.
 *
 * <p>Threading: stateless.
 */
public final class LocalSocket {
    private static final int FAMILY = 1;
    private static final int STREAM = 1;
    private static final int PATH_BYTES_MAX = 107;
    private static final int BACKLOG = 128;

    private LocalSocket() {}

    /** A non-blocking listening socket at a path that nothing is at. */
    public static int listen(String path) {
        int fd = (int) Kernel.check(open(), "socket");
        try {
            Kernel.check(Kernel.call(Syscall.BIND, fd, address(path), addressBytes(path), 0, 0), "bind " + path);
            Kernel.check(Kernel.call(Syscall.LISTEN, fd, BACKLOG, 0, 0, 0), "listen " + path);
            return fd;
        } catch (RuntimeException failure) {
            Kernel.close(fd);
            throw failure;
        }
    }

    /** A non-blocking connection, made whether or not it is accepted already; or the negated errno. */
    public static long connect(String path) {
        long fd = open();
        if (fd < 0) {
            return fd;
        }
        long result = Kernel.call(Syscall.CONNECT, fd, address(path), addressBytes(path), 0, 0);
        if (result < 0) {
            Kernel.close((int) fd);
            return result;
        }
        return fd;
    }

    /** A non-blocking connection that waits at a listening socket, or the negated errno. */
    public static long accept(int listeningFd) {
        return Kernel.call(Syscall.ACCEPT4, listeningFd, 0, 0, Kernel.O_NONBLOCK | Kernel.O_CLOEXEC, 0);
    }

    /** Both ends of a connection, in one number: one in each half. Both block. */
    public static long pair() {
        MemorySegment data = Kernel.data();
        long result = Kernel.call(Syscall.SOCKETPAIR, FAMILY, STREAM | Kernel.O_CLOEXEC, 0, data.address(), 0);
        Kernel.check(result, "socketpair");
        return Integer.toUnsignedLong(data.get(ValueLayout.JAVA_INT, 0))
                | (long) data.get(ValueLayout.JAVA_INT, 4) << 32;
    }

    /** Sends bytes and with them a descriptor, of which the other end gets a copy. */
    public static long sendWithFd(int socket, byte[] bytes, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocateFrom(
                    ValueLayout.JAVA_LONG,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address(),
                    bytes.length);
            // struct cmsghdr: length of itself and one number, level of sockets, rights
            long controlBytes = 24;
            MemorySegment control = arena.allocate(controlBytes, 8);
            control.set(ValueLayout.JAVA_LONG, 0, 16 + Integer.BYTES);
            control.set(ValueLayout.JAVA_INT, 8, 1);
            control.set(ValueLayout.JAVA_INT, 12, 1);
            control.set(ValueLayout.JAVA_INT, 16, fd);
            // struct msghdr: no address, one vector, the control message
            MemorySegment message = arena.allocate(56, 8);
            message.set(ValueLayout.JAVA_LONG, 16, vector.address());
            message.set(ValueLayout.JAVA_LONG, 24, 1);
            message.set(ValueLayout.JAVA_LONG, 32, control.address());
            message.set(ValueLayout.JAVA_LONG, 40, controlBytes);
            return Kernel.call(Syscall.SENDMSG, socket, message.address(), 0, 0, 0);
        }
    }

    /** How long a read waits at most; then it gives {@code EAGAIN}. */
    public static void setReadBoundSec(int socket, int seconds) {
        MemorySegment data = Kernel.data();
        int socketLevel = 1;
        int receiveTimeout = 20;
        data.set(ValueLayout.JAVA_LONG, 0, seconds);
        data.set(ValueLayout.JAVA_LONG, 8, 0);
        Kernel.check(
                Kernel.call(Syscall.SETSOCKOPT, socket, socketLevel, receiveTimeout, data.address(), 16),
                "setsockopt SO_RCVTIMEO");
    }

    /** Says the other end that nothing more comes; what comes from there still does. */
    public static long shutdownWrite(int fd) {
        int write = 1;
        return Kernel.call(Syscall.SHUTDOWN, fd, write, 0, 0, 0);
    }

    /** Whether a socket is one of these; else it is one of a network. */
    public static boolean isLocal(int fd) {
        MemorySegment data = Kernel.data();
        int socketLevel = 1;
        int domain = 39;
        data.set(ValueLayout.JAVA_INT, 8, Integer.BYTES);
        long result = Kernel.call(Syscall.GETSOCKOPT, fd, socketLevel, domain, data.address(), data.address() + 8);
        return result == 0 && data.get(ValueLayout.JAVA_INT, 0) == FAMILY;
    }

    private static long open() {
        return Kernel.call(Syscall.SOCKET, FAMILY, STREAM | Kernel.O_NONBLOCK | Kernel.O_CLOEXEC, 0, 0, 0);
    }

    /** {@code struct sockaddr_un} in this thread's buffer. */
    private static long address(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PATH_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "path of a socket: " + path + " has " + bytes.length + " bytes, at most " + PATH_BYTES_MAX);
        }
        MemorySegment data = Kernel.data();
        data.set(ValueLayout.JAVA_SHORT, 0, (short) FAMILY);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 2, bytes.length);
        data.set(ValueLayout.JAVA_BYTE, 2L + bytes.length, (byte) 0);
        return data.address();
    }

    private static long addressBytes(String path) {
        return 3L + path.getBytes(StandardCharsets.UTF_8).length;
    }
}
