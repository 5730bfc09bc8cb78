package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Architecture;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * System calls by way of libc's {@code syscall}: one native handle for all of them; those on files, processes and
 * sockets. Every method returns what the kernel returned, or the negated errno.
 *
 * <p>Threading: safe on any thread; buffers are per thread. Calls on descriptors allocate nothing once warm.
 */
public final class Kernel {
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int EINPROGRESS = 115;

    static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_DIRECTORY = Architecture.host() == Architecture.ARM64 ? 0x4000 : 0x10000;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int AT_FDCWD = -100;
    public static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private static final int BUFFER_BYTES = 4096;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private static final MethodHandle SYSCALL = handle();
    private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

    private Kernel() {}

    /** Memory that a thread lends to its calls. */
    private static final class Buffers {
        private final Arena arena = Arena.ofAuto();
        final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
        final MemorySegment data = arena.allocate(BUFFER_BYTES, 8);
    }

    /** Restricted because a wrong signature crashes the JVM; this one is libc's own. */
    @SuppressWarnings("restricted")
    private static MethodHandle handle() {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor sevenLongs = FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                sevenLongs,
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /** The result, or the negated errno. */
    static long call(Syscall syscall, long a, long b, long c, long d, long e) {
        MemorySegment errno = BUFFERS.get().errno;
        try {
            long result = (long) SYSCALL.invokeExact(errno, (long) syscall.number, a, b, c, d, e);
            return result == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : result;
        } catch (Throwable failure) {
            throw new IllegalStateException("syscall " + syscall, failure);
        }
    }

    /** This thread's buffer of {@value #BUFFER_BYTES} bytes; the next call on this thread may overwrite it. */
    public static MemorySegment data() {
        return BUFFERS.get().data;
    }

    /** Returns {@code result}, or throws one line that says what failed and why. */
    public static long check(long result, String what) {
        if (result < 0) {
            throw new KernelException(what, (int) -result);
        }
        return result;
    }

    // Files

    public static long open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return call(Syscall.OPENAT, AT_FDCWD, text(arena, path), flags | O_CLOEXEC, 0, 0);
        }
    }

    public static long close(int fd) {
        return fd < 0 ? 0 : call(Syscall.CLOSE, fd, 0, 0, 0, 0);
    }

    /** Reads from the file's start into this thread's buffer, to be looked at by {@link #bufferedByte}. */
    static int readBuffered(int fd) {
        return (int) call(Syscall.PREAD64, fd, data().address(), BUFFER_BYTES, 0, 0);
    }

    static byte bufferedByte(int index) {
        return data().get(ValueLayout.JAVA_BYTE, index);
    }

    /** Reads what is there, at most {@value #BUFFER_BYTES} bytes, as text; empty at the end of the file. */
    public static String readText(int fd) {
        long count;
        do {
            count = call(Syscall.READ, fd, data().address(), BUFFER_BYTES, 0, 0);
        } while (count == -EINTR);
        return new String(
                data().asSlice(0, check(count, "read")).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    public static long write(int fd, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address();
            return call(Syscall.WRITE, fd, address, bytes.length, 0, 0);
        }
    }

    /** Reads into native memory; allocates nothing. */
    public static long read(int fd, long address, long bytes) {
        return call(Syscall.READ, fd, address, bytes, 0, 0);
    }

    /** Writes from native memory; allocates nothing. */
    public static long write(int fd, long address, long bytes) {
        return call(Syscall.WRITE, fd, address, bytes, 0, 0);
    }

    /** Writes a word of native memory to a kernel file: no allocation. */
    static long writeWord(int fd, MemorySegment word) {
        return call(Syscall.PWRITE64, fd, word.address(), word.byteSize(), 0, 0);
    }

    /** Writes a decimal number without allocating: kernel files take it as text. */
    static long writeNumber(int fd, long number) {
        MemorySegment data = data();
        int at = 32;
        long rest = Math.abs(number);
        do {
            data.set(ValueLayout.JAVA_BYTE, --at, (byte) ('0' + rest % 10));
            rest /= 10;
        } while (rest > 0);
        if (number < 0) {
            data.set(ValueLayout.JAVA_BYTE, --at, (byte) '-');
        }
        return call(Syscall.PWRITE64, fd, data.address() + at, 32L - at, 0, 0);
    }

    /** Both ends in one number: the read end in the low half, the write end in the high half. */
    public static long pipe() {
        MemorySegment data = data();
        check(call(Syscall.PIPE2, data.address(), O_CLOEXEC, 0, 0, 0), "pipe");
        return Integer.toUnsignedLong(data.get(ValueLayout.JAVA_INT, 0))
                | (long) data.get(ValueLayout.JAVA_INT, 4) << 32;
    }

    /** A descriptor that becomes readable once a number is written to it. */
    public static int eventFd() {
        return (int) check(call(Syscall.EVENTFD2, 0, O_CLOEXEC | O_NONBLOCK, 0, 0, 0), "eventfd2");
    }

    public static long setNonBlocking(int fd) {
        int setFlags = 4;
        return call(Syscall.FCNTL, fd, setFlags, O_NONBLOCK, 0, 0);
    }

    /** A copy of the descriptor, numbered {@code atLeast} or more. */
    public static long duplicate(int fd, int atLeast) {
        return call(Syscall.FCNTL, fd, F_DUPFD_CLOEXEC, atLeast, 0, 0);
    }

    /** A file in memory that holds {@code content}, positioned at its start. */
    public static int memoryFile(String name, byte[] content) {
        try (Arena arena = Arena.ofConfined()) {
            int closeOnExec = 1;
            int fd = (int) check(call(Syscall.MEMFD_CREATE, text(arena, name), closeOnExec, 0, 0, 0), "memfd_create");
            check(write(fd, content), "write " + name);
            call(Syscall.LSEEK, fd, 0, 0, 0, 0);
            return fd;
        }
    }

    /** An empty file in memory that can be sealed. */
    public static int sealableMemoryFile(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int closeOnExecAndSealable = 1 | 2;
            return (int) check(
                    call(Syscall.MEMFD_CREATE, text(arena, name), closeOnExecAndSealable, 0, 0, 0), "memfd_create");
        }
    }

    /** From now on nobody changes the file; private mappings of it still can be written to. */
    public static void sealMemoryFile(int fd) {
        int addSeals = 1033;
        int sealShrinkGrowWrite = 1 | 2 | 4 | 8;
        check(call(Syscall.FCNTL, fd, addSeals, sealShrinkGrowWrite, 0, 0), "seal a file in memory");
    }

    static long makeDirectory(String path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return call(Syscall.MKDIRAT, AT_FDCWD, text(arena, path), mode, 0, 0);
        }
    }

    public static long removeFile(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return call(Syscall.UNLINKAT, AT_FDCWD, text(arena, path), 0, 0, 0);
        }
    }

    static long removeDirectory(String path) {
        try (Arena arena = Arena.ofConfined()) {
            int removeDir = 0x200;
            return call(Syscall.UNLINKAT, AT_FDCWD, text(arena, path), removeDir, 0, 0);
        }
    }

    public static long makeCharacterDevice(String path, int major, int minor) {
        try (Arena arena = Arena.ofConfined()) {
            int mode = 0020000 | 0666;
            return call(Syscall.MKNODAT, AT_FDCWD, text(arena, path), mode, (long) major << 8 | minor, 0);
        }
    }

    // Processes

    public static long openProcess(int pid) {
        return call(Syscall.PIDFD_OPEN, pid, 0, 0, 0, 0);
    }

    public static long killProcess(int pidFd) {
        return pidFd < 0 ? 0 : call(Syscall.PIDFD_SEND_SIGNAL, pidFd, SIGKILL, 0, 0, 0);
    }

    /** Whether the process of a pidfd is there, or its parent has not yet heard of its end. */
    public static boolean isProcess(int pidFd) {
        return pidFd >= 0 && call(Syscall.PIDFD_SEND_SIGNAL, pidFd, 0, 0, 0, 0) == 0;
    }

    /** Bounds the descriptors of a process, and of what it starts, for good. */
    public static long limitDescriptors(int pid, int most) {
        int descriptors = 7;
        try (Arena arena = Arena.ofConfined()) {
            long limit = arena.allocateFrom(ValueLayout.JAVA_LONG, most, most).address();
            return call(Syscall.PRLIMIT64, pid, descriptors, limit, 0, 0);
        }
    }

    /** Asks a process to end. */
    public static long terminate(int pid) {
        return call(Syscall.KILL, pid, SIGTERM, 0, 0, 0);
    }

    /** Sends SIGKILL to a process group. */
    public static long killGroup(int processGroup) {
        return call(Syscall.KILL, -(long) processGroup, SIGKILL, 0, 0, 0);
    }

    /**
     * Reaps an ended child: its exit code, or 256 + signal; or -errno. A process that is not ours to reap gives
     * -ECHILD, one that still runs -EAGAIN.
     */
    public static int reap(int pidFd) {
        int noHang = 1;
        return reap(pidFd, noHang);
    }

    /** The same, once it has ended. */
    public static int awaitAndReap(int pidFd) {
        int result;
        do {
            result = reap(pidFd, 0);
        } while (result == -EINTR);
        return result;
    }

    private static int reap(int pidFd, int noHang) {
        MemorySegment info = data();
        info.asSlice(0, 128).fill((byte) 0);
        int byPidFd = 3;
        int exited = 4;
        long result = call(Syscall.WAITID, byPidFd, pidFd, info.address(), exited | noHang, 0);
        if (result < 0) {
            return (int) result;
        }
        int byExit = 1;
        int code = info.get(ValueLayout.JAVA_INT, 8);
        int status = info.get(ValueLayout.JAVA_INT, 24);
        return code == 0 ? -EAGAIN : code == byExit ? status : 256 + status;
    }

    // Sockets

    /**
     * A non-blocking listening TCP socket on 127.0.0.1 in the calling thread's network namespace. It may bind before the
     * namespace's loopback device is up.
     */
    public static int listenOnLoopback(int port) {
        int fd = (int) check(call(Syscall.SOCKET, 2, 1 | O_NONBLOCK | O_CLOEXEC, 0, 0, 0), "socket");
        MemorySegment data = data();
        data.set(ValueLayout.JAVA_INT, 0, 1);
        int ipLevel = 0;
        int freeBind = 15;
        check(call(Syscall.SETSOCKOPT, fd, ipLevel, freeBind, data.address(), 4), "setsockopt IP_FREEBIND");
        loopback(data, port);
        check(call(Syscall.BIND, fd, data.address(), 16, 0, 0), "bind 127.0.0.1:" + port);
        check(call(Syscall.LISTEN, fd, 128, 0, 0, 0), "listen 127.0.0.1:" + port);
        return fd;
    }

    /** A non-blocking connection to 127.0.0.1, made or in the making, or the negated errno. */
    public static int connectToLoopback(int port) {
        long fd = call(Syscall.SOCKET, 2, 1 | O_NONBLOCK | O_CLOEXEC, 0, 0, 0);
        if (fd < 0) {
            return (int) fd;
        }
        MemorySegment data = data();
        loopback(data, port);
        long result = call(Syscall.CONNECT, fd, data.address(), 16, 0, 0);
        if (result < 0 && result != -EINPROGRESS) {
            close((int) fd);
            return (int) result;
        }
        return (int) fd;
    }

    /** {@code struct sockaddr_in}. */
    private static void loopback(MemorySegment data, int port) {
        data.asSlice(0, 16).fill((byte) 0);
        data.set(ValueLayout.JAVA_SHORT, 0, (short) 2);
        data.set(ValueLayout.JAVA_BYTE, 2, (byte) (port >> 8));
        data.set(ValueLayout.JAVA_BYTE, 3, (byte) port);
        data.set(ValueLayout.JAVA_BYTE, 4, (byte) 127);
        data.set(ValueLayout.JAVA_BYTE, 7, (byte) 1);
    }

    /** Both ends of a socket that keeps message boundaries, in one number: one in each half. */
    public static long socketPair() {
        MemorySegment data = data();
        int local = 1;
        int sequencedPackets = 5;
        check(call(Syscall.SOCKETPAIR, local, sequencedPackets | O_CLOEXEC, 0, data.address(), 0), "socketpair");
        return Integer.toUnsignedLong(data.get(ValueLayout.JAVA_INT, 0))
                | (long) data.get(ValueLayout.JAVA_INT, 4) << 32;
    }

    /** Reads a message of two numbers, to be looked at by {@link #receivedInt}; bytes, 0 at the end, or -errno. */
    public static long receivePair(int fd) {
        long bytes;
        do {
            bytes = call(Syscall.READ, fd, data().address(), 2L * Integer.BYTES, 0, 0);
        } while (bytes == -EINTR);
        return bytes;
    }

    public static int receivedInt(int index) {
        return data().get(ValueLayout.JAVA_INT, (long) index * Integer.BYTES);
    }

    public static int localPort(int fd) {
        MemorySegment data = data();
        data.set(ValueLayout.JAVA_INT, 64, 16);
        check(call(Syscall.GETSOCKNAME, fd, data.address(), data.address() + 64, 0, 0), "getsockname");
        return (data.get(ValueLayout.JAVA_BYTE, 2) & 0xff) << 8 | (data.get(ValueLayout.JAVA_BYTE, 3) & 0xff);
    }

    /** The address of a copy that C reads, in {@code arena}. */
    public static long text(Arena arena, String text) {
        return arena.allocateFrom(text).address();
    }
}
