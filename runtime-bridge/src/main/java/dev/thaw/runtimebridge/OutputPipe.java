package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pipe that a runtime's output comes through, seen as one stream of bytes with positions, so that "everything
 * written before this response" is a number and the log thread can put the END line exactly there.
 *
 * <p>Threading: {@link #read} and {@link #close} on the log thread; {@link #fence()} on any one other thread, never
 * after the environment has given up this pipe.
 */
final class OutputPipe {
    /** The position could not be told: the log thread was reading at that moment. */
    static final long UNKNOWN = -1;

    /** Nothing holds output back. */
    static final long NO_FENCE = Long.MAX_VALUE;

    private static final int ATTEMPTS = 64;

    private final int fd;
    private final MemorySegment availableBytes = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
    /** Odd while the log thread reads: a sequence lock for {@link #readBytes}. */
    private volatile long sequence;

    private volatile long readBytes;
    /** What lies behind this position belongs behind a REPORT that is on its way. */
    private final AtomicLong fence = new AtomicLong(NO_FENCE);

    private boolean ended;

    OutputPipe(int fd) {
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    /** Bytes written so far by the runtime, read or not. */
    @HotPath
    long position() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long before = sequence;
            long position = readBytes + Posix.available(fd, availableBytes);
            if ((before & 1) == 0 && before == sequence) {
                return position;
            }
            Thread.onSpinWait(); // a read takes a microsecond or two, unless its thread lost its core
        }
        return UNKNOWN;
    }

    /**
     * Notes the position as the end of an invocation's output and returns it. Called before the runtime hears that its
     * response was taken, so whoever reads what it writes then finds the fence.
     */
    @HotPath
    long fence() {
        long position = position();
        fence.set(position == UNKNOWN ? NO_FENCE : position);
        return position;
    }

    long fencedAt() {
        return fence.get();
    }

    /** The REPORT is written; a later fence stays. */
    void unfence(long position) {
        fence.compareAndSet(position, NO_FENCE);
    }

    /** Bytes read so far. */
    long readBytes() {
        return readBytes;
    }

    /** Reads once; returns how many bytes, 0 where there are none now or never again. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    int read(Posix posix, MemorySegment into) {
        if (ended) {
            return 0;
        }
        sequence++;
        long count = posix.read(fd, into);
        if (count > 0) {
            readBytes += count;
        }
        sequence++;
        ended = count == 0 || (count < 0 && count != -Posix.EAGAIN && count != -Posix.EINTR);
        return (int) Math.max(0, count);
    }

    /** The other end is closed and everything is read. */
    boolean hasEnded() {
        return ended;
    }

    void close(Posix posix) {
        ended = true;
        int _ = posix.close(fd);
    }
}
