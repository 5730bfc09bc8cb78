package dev.thaw.scheduler.core;

import java.util.Arrays;

/**
 * One deadline per slot in a binary heap that knows where each slot sits: set and clear are O(log n), the earliest is
 * O(1), ties go by slot. Instants compare by difference, so that a clock that wraps does no harm.
 */
final class DeadlineHeap {
    static final int NONE = -1;
    /** Waits this long, 146 years, or longer never end. */
    private static final long NEVER_NS = Long.MAX_VALUE / 2;

    private int[] heap = new int[0];
    private int[] positions = new int[0];
    private long[] deadlinesNs = new long[0];
    private int size;

    /** The instant {@code delayNs} from now, or {@link Scheduler#NO_DEADLINE} for a delay that means never. */
    @HotPath
    static long after(long nowNs, long delayNs) {
        if (delayNs >= NEVER_NS) {
            return Scheduler.NO_DEADLINE;
        }
        long deadlineNs = nowNs + delayNs;
        // One instant of all time looks like never: the next one is as good.
        return deadlineNs == Scheduler.NO_DEADLINE ? deadlineNs + 1 : deadlineNs;
    }

    @HotPath
    static boolean isDue(long deadlineNs, long nowNs) {
        return deadlineNs != Scheduler.NO_DEADLINE && deadlineNs - nowNs <= 0;
    }

    @HotPath
    static long earlier(long oneNs, long otherNs) {
        if (oneNs == Scheduler.NO_DEADLINE || otherNs == Scheduler.NO_DEADLINE) {
            return oneNs == Scheduler.NO_DEADLINE ? otherNs : oneNs;
        }
        return oneNs - otherNs <= 0 ? oneNs : otherNs;
    }

    void ensureSlot(int slot) {
        if (slot >= positions.length) {
            int from = positions.length;
            int capacity = Math.max(slot + 1, from * 2);
            heap = Arrays.copyOf(heap, capacity);
            positions = Arrays.copyOf(positions, capacity);
            deadlinesNs = Arrays.copyOf(deadlinesNs, capacity);
            Arrays.fill(positions, from, capacity, NONE);
        }
    }

    /** Replaces the slot's deadline; {@link Scheduler#NO_DEADLINE} clears it. */
    @HotPath
    void set(int slot, long deadlineNs) {
        if (deadlineNs == Scheduler.NO_DEADLINE) {
            clear(slot);
            return;
        }
        if (positions[slot] == NONE) {
            place(slot, size++);
        }
        deadlinesNs[slot] = deadlineNs;
        int at = positions[slot];
        siftUp(slot);
        if (positions[slot] == at) {
            siftDown(slot);
        }
    }

    @HotPath
    void clear(int slot) {
        int hole = positions[slot];
        if (hole == NONE) {
            return;
        }
        positions[slot] = NONE;
        int last = heap[--size];
        if (last != slot) {
            place(last, hole);
            siftUp(last);
            siftDown(last);
        }
    }

    /** The slot with the earliest deadline, or -1. */
    @HotPath
    int first() {
        return size == 0 ? NONE : heap[0];
    }

    /** The earliest deadline, or {@link Scheduler#NO_DEADLINE}. */
    @HotPath
    long firstDeadlineNs() {
        return size == 0 ? Scheduler.NO_DEADLINE : deadlinesNs[heap[0]];
    }

    @HotPath
    private void siftUp(int slot) {
        int at = positions[slot];
        while (at > 0) {
            int parent = heap[(at - 1) >> 1];
            if (!isBefore(slot, parent)) {
                break;
            }
            place(parent, at);
            at = (at - 1) >> 1;
        }
        place(slot, at);
    }

    @HotPath
    private void siftDown(int slot) {
        int at = positions[slot];
        int child = 2 * at + 1;
        while (child < size) {
            if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], slot)) {
                break;
            }
            place(heap[child], at);
            at = child;
            child = 2 * at + 1;
        }
        place(slot, at);
    }

    @HotPath
    private boolean isBefore(int one, int other) {
        long differenceNs = deadlinesNs[one] - deadlinesNs[other];
        return differenceNs < 0 || (differenceNs == 0 && one < other);
    }

    @HotPath
    private void place(int slot, int at) {
        heap[at] = slot;
        positions[slot] = at;
    }
}
