package dev.thaw.runtimebridge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What one pipe of a run has brought and the log has not placed yet: whose it is shows when the queue has been read.
 *
 * <p>Threading: the log thread.
 */
final class UnplacedOutput {
    private static final int LARGE_BYTES = 256 << 10;
    /** A pipe holds less unless its owner enlarged it; bounds a drain of a process that never stops writing. */
    private static final int DRAIN_LIMIT_BYTES = 1 << 20;

    final OutputPipe pipe;
    /** Who writes to it. */
    final TelemetryType writer;

    private byte[] bytes = new byte[0];
    private int count;
    /** Number of the read that brought its first byte, among those of both pipes. */
    private long since;

    UnplacedOutput(OutputPipe pipe, TelemetryType writer) {
        this.pipe = pipe;
        this.writer = writer;
    }

    byte[] bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    boolean isOlderThan(UnplacedOutput other) {
        return since < other.since;
    }

    /** How much of it was written before {@code position}. */
    int countBefore(long position) {
        long after = position == OutputPipe.UNKNOWN ? 0 : Math.max(0, pipe.readBytes() - position);
        return (int) Math.max(0, count - after);
    }

    /** Forgets the first bytes, which are placed. */
    void placed(int placedBytes) {
        System.arraycopy(bytes, placedBytes, bytes, 0, count - placedBytes);
        count -= placedBytes;
        if (count == 0 && bytes.length > LARGE_BYTES) {
            bytes = new byte[0];
        }
    }

    /** Reads what the pipe holds, up to {@code position} in its stream where that is known. */
    void drain(Posix posix, MemorySegment scratch, long position, long reading) {
        int drainedBytes = 0;
        while (drainedBytes < DRAIN_LIMIT_BYTES) {
            if (position != OutputPipe.UNKNOWN && pipe.readBytes() >= position) {
                return;
            }
            int read = readOnce(posix, scratch, reading);
            if (read == 0) {
                return;
            }
            drainedBytes += read;
        }
    }

    int readOnce(Posix posix, MemorySegment scratch, long reading) {
        int read = pipe.read(posix, scratch);
        if (read > 0) {
            since = count == 0 ? reading : since;
            int needed = count + read;
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
            }
            MemorySegment.copy(scratch, ValueLayout.JAVA_BYTE, 0, bytes, count, read);
            count = needed;
        }
        return read;
    }
}
