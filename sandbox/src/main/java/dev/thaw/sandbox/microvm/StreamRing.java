package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A window's worth of a stream's bytes, kept until their descriptor takes them. */
final class StreamRing {
    private final MemorySegment bytes;
    private int head;
    private int held;

    StreamRing(Arena arena) {
        bytes = arena.allocate(Frames.WINDOW_BYTES, 8);
    }

    int held() {
        return held;
    }

    /** Takes as many as there is room for; how many. */
    int add(MemorySegment from, long at, int count) {
        int taken = Math.min(count, Frames.WINDOW_BYTES - held);
        int tail = (head + held) % Frames.WINDOW_BYTES;
        int first = Math.min(taken, Frames.WINDOW_BYTES - tail);
        MemorySegment.copy(from, at, bytes, tail, first);
        MemorySegment.copy(from, at + first, bytes, 0, (long) taken - first);
        held += taken;
        return taken;
    }

    /** Writes once; how many bytes went, or the negated errno. */
    long write(int fd) {
        int first = Math.min(held, Frames.WINDOW_BYTES - head);
        long count = Kernel.write(fd, bytes.address() + head, first);
        if (count > 0) {
            held -= (int) count;
            head = held == 0 ? 0 : (head + (int) count) % Frames.WINDOW_BYTES;
        }
        return count;
    }

    void clear() {
        head = 0;
        held = 0;
    }
}
