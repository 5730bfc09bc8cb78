package dev.thaw.scheduler.events;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who is next: entries wait until they are due, then in their function's lane, oldest first; lanes take turns. At most
 * {@code maxInFlight} are under way, but each lane may always have one: a slow function does not hold up the others.
 * Pure; time is an argument.
 *
 * <p>Threading: none.
 */
final class EventSchedule {
    /** Nothing waits. */
    static final long NEVER = Long.MAX_VALUE;

    private static final Comparator<EventEntry> BY_DUE =
            Comparator.<EventEntry>comparingLong(entry -> entry.dueMs).thenComparingLong(entry -> entry.id);
    private static final Comparator<EventEntry> BY_AGE =
            Comparator.<EventEntry>comparingLong(entry -> entry.acceptedMs).thenComparingLong(entry -> entry.id);

    private final int maxInFlight;
    private final PriorityQueue<EventEntry> later = new PriorityQueue<>(BY_DUE);
    private final Map<String, Lane> lanes = new HashMap<>();
    /** Lanes with ready entries, in the order of their turns. */
    private final ArrayDeque<Lane> turns = new ArrayDeque<>();

    private int inFlight;
    private int size;

    EventSchedule(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    /** Adds an entry that is not under way. */
    void add(EventEntry entry, long nowMs) {
        size++;
        if (entry.dueMs > nowMs) {
            later.add(entry);
        } else {
            ready(entry);
        }
    }

    /** The next entry that may start now, which is under way from here on; or null. */
    @Nullable
    EventEntry poll(long nowMs) {
        while (!later.isEmpty() && later.element().dueMs <= nowMs) {
            ready(later.remove());
        }
        for (int untried = turns.size(); untried > 0; untried--) {
            Lane lane = turns.removeFirst();
            if (inFlight >= maxInFlight && lane.inFlight > 0) {
                turns.addLast(lane);
                continue;
            }
            lane.inFlight++;
            inFlight++;
            return take(lane);
        }
        return null;
    }

    /** The next entry that waits for its turn and is {@code maxAgeMs} old, taken out; or null. */
    @Nullable
    EventEntry pollExpired(long nowMs, ToLongFunction<String> maxAgeMs) {
        for (int untried = turns.size(); untried > 0; untried--) {
            Lane lane = turns.removeFirst();
            if (lane.expiryMs(maxAgeMs) <= nowMs) {
                return take(lane);
            }
            turns.addLast(lane);
        }
        return null;
    }

    /** An entry is not under way any more. It may be added again. */
    void finished(EventEntry entry) {
        Lane lane = lane(entry);
        lane.inFlight--;
        inFlight--;
        forgetIfIdle(lane);
    }

    /** When to ask again, where nothing else happens: the next due entry, or the next to expire in its lane. */
    long nextDueMs(ToLongFunction<String> maxAgeMs) {
        long nextMs = later.isEmpty() ? NEVER : later.element().dueMs;
        for (Lane lane : turns) {
            nextMs = Math.min(nextMs, lane.expiryMs(maxAgeMs));
        }
        return nextMs;
    }

    /** How many wait. */
    int size() {
        return size;
    }

    int inFlight() {
        return inFlight;
    }

    /** When the oldest of those that wait was accepted, or {@link #NEVER}. Looks at all that are not due yet. */
    long oldestAcceptedMs() {
        long oldestMs = NEVER;
        for (Lane lane : turns) {
            oldestMs = Math.min(oldestMs, lane.ready.element().acceptedMs);
        }
        for (EventEntry entry : later) {
            oldestMs = Math.min(oldestMs, entry.acceptedMs);
        }
        return oldestMs;
    }

    private void ready(EventEntry entry) {
        Lane lane = lane(entry);
        if (lane.ready.isEmpty()) {
            turns.addLast(lane);
        }
        lane.ready.add(entry);
    }

    /** Takes the oldest entry of a lane that has been taken out of its turn. */
    private EventEntry take(Lane lane) {
        EventEntry entry = lane.ready.remove();
        size--;
        if (lane.ready.isEmpty()) {
            forgetIfIdle(lane);
        } else {
            turns.addLast(lane);
        }
        return entry;
    }

    private Lane lane(EventEntry entry) {
        return lanes.computeIfAbsent(entry.lane, Lane::new);
    }

    private void forgetIfIdle(Lane lane) {
        if (lane.inFlight == 0 && lane.ready.isEmpty()) {
            lanes.remove(lane.key);
        }
    }

    /** Entries for one function or target. */
    private static final class Lane {
        private final String key;
        private final PriorityQueue<EventEntry> ready = new PriorityQueue<>(BY_AGE);
        private int inFlight;

        private Lane(String key) {
            this.key = key;
        }

        private long expiryMs(ToLongFunction<String> maxAgeMs) {
            return ready.element().acceptedMs + maxAgeMs.applyAsLong(key);
        }
    }
}
