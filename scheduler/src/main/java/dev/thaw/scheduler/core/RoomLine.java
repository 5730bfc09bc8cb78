package dev.thaw.scheduler.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Invocations of all functions that wait for room in the fleet. The one of least rank gets the next room, of equals the one
 * that came first, and nobody overtakes it. Everybody may wait equally long from its arrival, so who came first is the
 * first to give up. Two orders: a heap by rank, a list by arrival.
 */
final class RoomLine {
    private static final int FIRST_CAPACITY = 16;

    private final long capacityWaitNs;
    private @Nullable Invocation[] heap = new @Nullable Invocation[FIRST_CAPACITY];
    private int size;
    private @Nullable Invocation oldest;
    private @Nullable Invocation youngest;

    RoomLine(long capacityWaitNs) {
        this.capacityWaitNs = capacityWaitNs;
    }

    /** Who gets the next room. */
    @HotPath
    @Nullable
    Invocation first() {
        return heap[0];
    }

    /** Who gives up next. */
    @Nullable
    Invocation oldest() {
        return oldest;
    }

    /** When the oldest gives up, or {@link Scheduler#NO_DEADLINE}. */
    @HotPath
    long firstDeadlineNs() {
        Invocation waiting = oldest;
        return waiting == null ? Scheduler.NO_DEADLINE : deadlineNs(waiting);
    }

    @HotPath
    long deadlineNs(Invocation invocation) {
        return DeadlineHeap.after(invocation.acceptedNs, capacityWaitNs);
    }

    boolean holds(Invocation invocation) {
        return invocation.roomPlace != Invocation.NOT_IN_ROOM_LINE;
    }

    void add(Invocation invocation) {
        Invocation before = youngest;
        while (before != null && before.arrival > invocation.arrival) {
            before = before.roomPrevious;
        }
        Invocation after = before == null ? oldest : before.roomNext;
        link(before, invocation);
        link(invocation, after);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        rise(size++, invocation);
    }

    void remove(Invocation invocation) {
        link(invocation.roomPrevious, invocation.roomNext);
        invocation.roomPrevious = null;
        invocation.roomNext = null;
        int hole = invocation.roomPlace;
        invocation.roomPlace = Invocation.NOT_IN_ROOM_LINE;
        Invocation last = at(--size);
        heap[size] = null;
        if (last != invocation) {
            rise(sink(hole, last), last);
        }
    }

    /** Puts the invocation where it belongs, at {@code from} or above. */
    private void rise(int from, Invocation invocation) {
        int hole = from;
        while (hole > 0 && isBefore(invocation, at((hole - 1) >> 1))) {
            place(hole, at((hole - 1) >> 1));
            hole = (hole - 1) >> 1;
        }
        place(hole, invocation);
    }

    /** Moves up everybody below {@code from} who comes before the invocation, and returns the place that becomes free. */
    private int sink(int from, Invocation invocation) {
        int hole = from;
        int child = firstChild(hole);
        while (child < size && isBefore(at(child), invocation)) {
            place(hole, at(child));
            hole = child;
            child = firstChild(hole);
        }
        return hole;
    }

    /** The child that comes first, or a place beyond the end. */
    private int firstChild(int parent) {
        int child = 2 * parent + 1;
        return child + 1 < size && isBefore(at(child + 1), at(child)) ? child + 1 : child;
    }

    private static boolean isBefore(Invocation one, Invocation other) {
        long difference = one.roomRank - other.roomRank;
        return difference < 0 || (difference == 0 && one.arrival < other.arrival);
    }

    private void place(int at, Invocation invocation) {
        heap[at] = invocation;
        invocation.roomPlace = at;
    }

    private Invocation at(int place) {
        Invocation invocation = heap[place];
        if (invocation == null) {
            throw new IllegalStateException("nobody at place " + place + " of " + size + " in the line for room");
        }
        return invocation;
    }

    private void link(@Nullable Invocation before, @Nullable Invocation after) {
        if (before == null) {
            oldest = after;
        } else {
            before.roomNext = after;
        }
        if (after == null) {
            youngest = before;
        } else {
            after.roomPrevious = before;
        }
    }
}
