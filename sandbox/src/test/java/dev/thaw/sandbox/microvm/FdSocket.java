package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** A socket that is known by its descriptor, for tests: waits, but not for ever. */
final class FdSocket implements AutoCloseable {
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final int BUFFER_BYTES = 65_536;

    private final int fd;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);

    FdSocket(int fd) {
        if (fd < 0) {
            throw new AssertionError("no socket: errno " + -fd);
        }
        this.fd = fd;
        Kernel.setNonBlocking(fd);
    }

    FdSocket accept() {
        return new FdSocket((int) patiently(() -> LocalSocket.accept(fd)));
    }

    private interface Attempt {
        long tryOnce();
    }

    private static long patiently(Attempt attempt) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        long result = attempt.tryOnce();
        while (result == -Kernel.EAGAIN && System.nanoTime() - deadlineNs < 0) {
            Thread.onSpinWait();
            result = attempt.tryOnce();
        }
        return Kernel.check(result, "socket of a test");
    }

    private int readSome(int limit) {
        return (int) patiently(() -> Kernel.read(fd, buffer.address(), limit));
    }

    private String text(int count) {
        return new String(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    /** Byte by byte, so that nothing behind the mark is read. */
    String readUntil(String mark) {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(mark) < 0) {
            int count = readSome(1);
            if (count == 0) {
                throw new AssertionError("ended before '" + mark + "': " + read);
            }
            read.append(text(count));
        }
        return read.toString();
    }

    /** Exactly so many. */
    byte[] read(int bytes) {
        byte[] all = new byte[bytes];
        for (int at = 0; at < bytes; ) {
            int count = readSome(bytes - at);
            if (count == 0) {
                throw new AssertionError("ended after " + at + " of " + bytes + " bytes");
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, all, at, count);
            at += count;
        }
        return all;
    }

    /** Writes all of it in the end; false where nobody is there any more, or takes nothing for a while. */
    boolean tryWrite(byte[] bytes) {
        MemorySegment copy = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        int at = 0;
        while (at < bytes.length && System.nanoTime() - deadlineNs < 0) {
            long count = Kernel.write(fd, copy.address() + at, (long) bytes.length - at);
            if (count < 0 && count != -Kernel.EAGAIN) {
                return false;
            }
            at += (int) Math.max(0, count);
        }
        return at == bytes.length;
    }

    /** Sends bytes and waits until what arrives there ends with {@code last}. Allocates nothing. */
    void exchange(MemorySegment bytes, int count, FdSocket there, byte last) {
        Kernel.check(Kernel.write(fd, bytes.address(), count), "write");
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        byte arrived = 0;
        while (arrived != last) {
            long read = Kernel.read(there.fd, there.buffer.address(), BUFFER_BYTES);
            arrived = read > 0 ? there.buffer.get(ValueLayout.JAVA_BYTE, read - 1) : 0;
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no answer in 20 s");
            }
        }
    }

    void skip(long bytes) {
        long left = bytes;
        while (left > 0) {
            int count = readSome((int) Math.min(left, BUFFER_BYTES));
            if (count == 0) {
                throw new AssertionError("ended " + left + " bytes too early");
            }
            left -= count;
        }
    }

    String readToEnd() {
        StringBuilder read = new StringBuilder();
        for (int count = readSome(BUFFER_BYTES); count > 0; count = readSome(BUFFER_BYTES)) {
            read.append(text(count));
        }
        return read.toString();
    }

    void write(byte[] bytes) {
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
        patiently(() -> Kernel.write(fd, buffer.address(), bytes.length));
    }

    void write(String text) {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void readWhatIsThere() {
        while (Kernel.read(fd, buffer.address(), BUFFER_BYTES) == BUFFER_BYTES) {
            // more of it
        }
    }

    /** Writes until nothing is taken any more for a while, or {@code limit} bytes are. */
    int writeWhatFits(int limit) {
        int written = 0;
        long deadlineNs = System.nanoTime() + 500_000_000L;
        while (written < limit && System.nanoTime() - deadlineNs < 0) {
            long count = Kernel.write(fd, buffer.address(), BUFFER_BYTES);
            written += (int) Math.max(0, count);
        }
        return written;
    }

    @Override
    public void close() {
        Kernel.close(fd);
    }
}
