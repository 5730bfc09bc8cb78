package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * What is on its way to one guest: bytes of streams are read straight into it, and all that one wake-up produced leaves
 * in one write. What the guest does not take stays, and then no stream is read; commands wait in line.
 *
 * <p>Threading: one thread. Allocates nothing for streams.
 */
final class FrameWriter {
    /** Kept free of streams' bytes, for answers that must not wait. */
    private static final int CONTROL_BYTES = 16_384;

    private static final int BYTES = Frames.HEADER_BYTES + Frames.PAYLOAD_BYTES_MAX + CONTROL_BYTES;
    private static final int DATA_END = BYTES - CONTROL_BYTES;
    /** What commands may wait in line. */
    private static final int LINE_BYTES_MAX = 4 << 20;

    private final int fd;
    private final MemorySegment bytes;
    private final ArrayDeque<byte[]> line = new ArrayDeque<>();
    private int lineBytes;
    private int start;
    private int end;

    FrameWriter(Arena arena, int fd) {
        this.fd = fd;
        bytes = arena.allocate(BYTES, 8);
    }

    /** How many bytes of a stream may be read now to {@link #dataAddress}. */
    int dataRoom() {
        return start > 0 ? 0 : Math.max(0, DATA_END - end - Frames.HEADER_BYTES);
    }

    long dataAddress() {
        return bytes.address() + end + Frames.HEADER_BYTES;
    }

    /** What was read there becomes a frame. */
    void sendData(int stream, int count) {
        Frames.putHeader(bytes, end, FrameType.DATA, stream, count);
        end += Frames.HEADER_BYTES + count;
    }

    /** An answer without payload. */
    void send(FrameType type, int stream) {
        reserve(0);
        Frames.putHeader(bytes, end, type, stream, 0);
        end += Frames.HEADER_BYTES;
    }

    /** An answer with a number. */
    void send(FrameType type, int stream, int number) {
        reserve(Integer.BYTES);
        Frames.putHeader(bytes, end, type, stream, Integer.BYTES);
        bytes.set(Frames.INT, (long) end + Frames.HEADER_BYTES, number);
        end += Frames.HEADER_BYTES + Integer.BYTES;
    }

    private void reserve(int payloadBytes) {
        if (end + Frames.HEADER_BYTES + payloadBytes > BYTES && start > 0) {
            MemorySegment.copy(bytes, start, bytes, 0, (long) end - start);
            end -= start;
            start = 0;
        }
        if (end + Frames.HEADER_BYTES + payloadBytes > BYTES) {
            throw new GuestFault("more answers are owed to it than an honest one leaves unread");
        }
    }

    /** Whether answers that can wait should. */
    boolean isFull() {
        return end > BYTES - CONTROL_BYTES / 2;
    }

    /** Puts whole frames in line. */
    void sendCommand(byte[] frames) {
        lineBytes += frames.length;
        if (lineBytes > LINE_BYTES_MAX) {
            throw new GuestFault("more commands wait for it than an honest one leaves unread");
        }
        line.add(frames);
    }

    /** Writes until all is gone or the guest takes no more. 0, or the negated errno. */
    long flush() {
        while (start < end || takeFromLine()) {
            long count = Kernel.write(fd, bytes.address() + start, (long) end - start);
            if (count == -Kernel.EAGAIN) {
                return 0;
            }
            if (count < 0 && count != -Kernel.EINTR) {
                return count;
            }
            start += (int) Math.max(0, count);
            if (start == end) {
                start = 0;
                end = 0;
            }
        }
        return 0;
    }

    private boolean takeFromLine() {
        byte[] next = line.poll();
        if (next == null) {
            return false;
        }
        int count = Math.min(next.length, BYTES);
        MemorySegment.copy(MemorySegment.ofArray(next), 0, bytes, 0, count);
        end = count;
        lineBytes -= count;
        if (count < next.length) {
            line.addFirst(Arrays.copyOfRange(next, count, next.length));
        }
        return true;
    }

    boolean isBlocked() {
        return end > 0;
    }
}
