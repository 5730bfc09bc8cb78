package dev.thaw.results;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Bounded hand-over of samples from one thread to one other by copying into slots made in advance: neither side blocks
 * or allocates. Lamport's single-producer single-consumer queue with a cached view of the other side's index.
 *
 * <p>Threading: {@link #offer} on one thread, {@link #drain} on one other.
 */
final class SampleRing {
    private final Sample[] slots;
    private final int mask;
    private final AtomicLong produced = new AtomicLong();
    private final AtomicLong consumed = new AtomicLong();
    /** Producer's last view of {@link #consumed}. */
    private long consumedSeen;

    /** The capacity must be a power of two. */
    SampleRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity is " + capacity + ", must be a power of two");
        }
        slots = new Sample[capacity];
        for (int i = 0; i < capacity; i++) {
            slots[i] = new Sample();
        }
        mask = capacity - 1;
    }

    /** False where the ring is full. */
    boolean offer(Sample sample) {
        long next = produced.getPlain();
        if (next - consumedSeen == slots.length) {
            consumedSeen = consumed.getAcquire();
            if (next - consumedSeen == slots.length) {
                return false;
            }
        }
        slots[(int) next & mask].copyFrom(sample);
        produced.setRelease(next + 1);
        return true;
    }

    /** Hands over what is there, up to the limit, and returns how many. The consumer must not keep a sample. */
    int drain(Consumer<Sample> consumer, int limit) {
        long first = consumed.getPlain();
        int count = (int) Math.min(limit, produced.getAcquire() - first);
        for (int i = 0; i < count; i++) {
            consumer.accept(slots[(int) (first + i) & mask]);
            consumed.setRelease(first + i + 1);
        }
        return count;
    }
}
