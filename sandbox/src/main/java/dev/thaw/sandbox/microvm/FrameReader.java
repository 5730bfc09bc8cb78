package dev.thaw.sandbox.microvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Takes a guest's bytes apart, in whatever pieces they come. Bytes of streams are handed on as they are, unassembled;
 * of other frames at most one, and at most {@value #CONTROL_BYTES_MAX} bytes, is held.
 *
 * <p>Threading: one thread. Allocates nothing once built, but for the fault of a guest.
 */
final class FrameReader {
    /** What a frame of a guest's may hold that is not of a stream. */
    static final int CONTROL_BYTES_MAX = 1024;

    /** What is read out of the bytes. The memory is the reader's again when a call returns. */
    interface Sink {
        void onData(int stream, MemorySegment bytes, long at, int count);

        void onFrame(FrameType type, int stream, MemorySegment payload, long at, int length);
    }

    private final Sink sink;
    private final MemorySegment carry;
    private int carried;
    private int dataLeft;
    private int dataStream;

    FrameReader(Arena arena, Sink sink) {
        this.sink = sink;
        carry = arena.allocate(Frames.HEADER_BYTES + CONTROL_BYTES_MAX, 8);
    }

    /** Reads the next {@code count} bytes of the guest. Throws {@link GuestFault}, after which it is not to be used. */
    void read(MemorySegment bytes, int count) {
        int at = 0;
        while (at < count) {
            if (dataLeft > 0) {
                at += passData(bytes, at, count - at);
            } else if (carried > 0) {
                at += complete(bytes, at, count - at);
            } else if (count - at < Frames.HEADER_BYTES) {
                at += keep(bytes, at, count - at);
            } else {
                at += readFrame(bytes, at, count - at);
            }
        }
    }

    private int passData(MemorySegment bytes, int at, int available) {
        int count = Math.min(dataLeft, available);
        dataLeft -= count;
        sink.onData(dataStream, bytes, at, count);
        return count;
    }

    private int keep(MemorySegment bytes, int at, int count) {
        MemorySegment.copy(bytes, at, carry, carried, count);
        carried += count;
        return count;
    }

    /** Goes on with the frame that began in an earlier piece. */
    private int complete(MemorySegment bytes, int at, int available) {
        if (carried < Frames.HEADER_BYTES) {
            int kept = keep(bytes, at, Math.min(Frames.HEADER_BYTES - carried, available));
            if (carried == Frames.HEADER_BYTES) {
                endCarried();
            }
            return kept;
        }
        int missing = Frames.HEADER_BYTES + Frames.length(carry, 0) - carried;
        int kept = keep(bytes, at, Math.min(missing, available));
        endCarried();
        return kept;
    }

    /** Hands on what is carried, if that is a whole frame. */
    private void endCarried() {
        FrameType type = check(carry, 0);
        int length = Frames.length(carry, 0);
        if (type == FrameType.DATA) {
            beginData(carry, 0);
            carried = 0;
        } else if (carried == Frames.HEADER_BYTES + length) {
            carried = 0;
            sink.onFrame(type, Frames.stream(carry, 0), carry, Frames.HEADER_BYTES, length);
        }
    }

    private int readFrame(MemorySegment bytes, int at, int available) {
        FrameType type = check(bytes, at);
        if (type == FrameType.DATA) {
            beginData(bytes, at);
            return Frames.HEADER_BYTES;
        }
        int length = Frames.length(bytes, at);
        if (available < Frames.HEADER_BYTES + length) {
            return keep(bytes, at, available);
        }
        sink.onFrame(type, Frames.stream(bytes, at), bytes, (long) at + Frames.HEADER_BYTES, length);
        return Frames.HEADER_BYTES + length;
    }

    private void beginData(MemorySegment frame, int at) {
        dataStream = Frames.stream(frame, at);
        dataLeft = Frames.length(frame, at);
    }

    private static FrameType check(MemorySegment frame, int at) {
        @Nullable FrameType type = FrameType.of(Frames.type(frame, at));
        if (type == null || !type.isForHost() || Frames.zero(frame, at) != 0) {
            throw new GuestFault("no frame has type " + Frames.type(frame, at));
        }
        int length = Frames.length(frame, at);
        int limit = type == FrameType.DATA ? Frames.PAYLOAD_BYTES_MAX : CONTROL_BYTES_MAX;
        if (length < 0 || length > limit) {
            throw new GuestFault(type + " of " + Integer.toUnsignedString(length) + " bytes, at most " + limit);
        }
        if (Frames.stream(frame, at) >= Frames.STREAMS) {
            throw new GuestFault("stream " + Frames.stream(frame, at) + ", must be below " + Frames.STREAMS);
        }
        return type;
    }
}
