package dev.thaw.scheduler.core;

import org.jspecify.annotations.Nullable;

/**
 * Invocations of all functions that wait for room in the fleet, in order of arrival: the first gets the next room, and
 * nobody overtakes it. Everybody may wait equally long from its arrival, so the first is also the first to give up.
 */
final class RoomLine {
    private final long capacityWaitNs;
    private @Nullable Invocation first;
    private @Nullable Invocation last;

    RoomLine(long capacityWaitNs) {
        this.capacityWaitNs = capacityWaitNs;
    }

    @HotPath
    @Nullable
    Invocation first() {
        return first;
    }

    /** When the first gives up, or {@link Scheduler#NO_DEADLINE}. */
    @HotPath
    long firstDeadlineNs() {
        Invocation waiting = first;
        return waiting == null ? Scheduler.NO_DEADLINE : deadlineNs(waiting);
    }

    @HotPath
    long deadlineNs(Invocation invocation) {
        return DeadlineHeap.after(invocation.acceptedNs, capacityWaitNs);
    }

    void add(Invocation invocation) {
        Invocation before = last;
        while (before != null && before.arrival > invocation.arrival) {
            before = before.roomPrevious;
        }
        Invocation after = before == null ? first : before.roomNext;
        link(before, invocation);
        link(invocation, after);
        invocation.inRoomLine = true;
    }

    void remove(Invocation invocation) {
        link(invocation.roomPrevious, invocation.roomNext);
        invocation.roomPrevious = null;
        invocation.roomNext = null;
        invocation.inRoomLine = false;
    }

    private void link(@Nullable Invocation before, @Nullable Invocation after) {
        if (before == null) {
            first = after;
        } else {
            before.roomNext = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.roomPrevious = before;
        }
    }
}
