package dev.thaw.sandbox.microvm;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;

/**
 * Rings that no stream needs now; kept, for their memory is the process's own.
 *
 * <p>Threading: one thread.
 */
final class StreamRings {
    private static final int FREE_AT_START = 16;

    private final Arena arena;
    private final ArrayDeque<StreamRing> free = new ArrayDeque<>(FREE_AT_START);

    StreamRings(Arena arena) {
        this.arena = arena;
    }

    StreamRing take() {
        StreamRing ring = free.poll();
        return ring == null ? new StreamRing(arena) : ring;
    }

    void giveBack(StreamRing ring) {
        ring.clear();
        free.push(ring);
    }
}
