package dev.thaw.scheduler.core;

import java.util.Arrays;

/**
 * Slots by key in a binary heap that knows where each slot sits: set and remove are O(log n), the first is O(1). Equal keys
 * come out in the order in which they were set. Heaps of one {@link Places} share the memory of where slots sit: a slot is
 * in one of them at most.
 *
 * <p>Threading: the owner's.
 */
public final class SlotHeap {
    /** No slot. */
    public static final int NONE = -1;
    /** The key of no slot, beyond all others. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int FIRST_CAPACITY = 16;

    private final Places places;
    private int[] slots = new int[FIRST_CAPACITY];
    private long[] keys = new long[FIRST_CAPACITY];
    private long[] turns = new long[FIRST_CAPACITY];
    private int size;

    public SlotHeap(Places places) {
        this.places = places;
    }

    /** Where slots sit in their heaps. */
    public static final class Places {
        private int[] positions = new int[0];
        private long turns;

        public void ensureSlot(int slot) {
            if (slot >= positions.length) {
                int from = positions.length;
                positions = Arrays.copyOf(positions, Math.max(slot + 1, from * 2));
                Arrays.fill(positions, from, positions.length, NONE);
            }
        }
    }

    /** The least key, or {@link #NEVER}. */
    @HotPath
    public long firstKey() {
        return size == 0 ? NEVER : keys[0];
    }

    /** The slot that has it, or {@link #NONE}. */
    @HotPath
    public int first() {
        return size == 0 ? NONE : slots[0];
    }

    /** The turn of the first, where there is one. */
    public long firstTurn() {
        return turns[0];
    }

    /** The key of a slot that no other heap of the same places has, or {@link #NEVER}. */
    @HotPath
    public long keyOf(int slot) {
        int at = places.positions[slot];
        return at == NONE ? NEVER : keys[at];
    }

    /** Adds the slot, or changes its key. */
    @HotPath
    public void set(int slot, long key) {
        set(slot, key, places.turns++);
    }

    /** As the other, where the caller decides which of equal keys comes out first: the one of the earlier turn. */
    @HotPath
    public void set(int slot, long key, long turn) {
        int at = places.positions[slot];
        if (at == NONE) {
            at = size++;
            if (at == slots.length) {
                grow();
            }
        }
        int hole = rise(at, key, turn);
        place(hole == at ? sink(at, key, turn) : hole, slot, key, turn);
    }

    /** Takes the slot out, where it is in. */
    @HotPath
    public void remove(int slot) {
        int at = places.positions[slot];
        if (at == NONE) {
            return;
        }
        places.positions[slot] = NONE;
        int last = --size;
        if (at != last) {
            long key = keys[last];
            long turn = turns[last];
            int hole = rise(at, key, turn);
            place(hole == at ? sink(at, key, turn) : hole, slots[last], key, turn);
        }
    }

    /** Moves the hole at {@code at} up to where the key belongs. */
    @HotPath
    private int rise(int at, long key, long turn) {
        int hole = at;
        while (hole > 0) {
            int parent = (hole - 1) >> 1;
            if (!isBefore(key, turn, parent)) {
                break;
            }
            place(hole, slots[parent], keys[parent], turns[parent]);
            hole = parent;
        }
        return hole;
    }

    @HotPath
    private int sink(int at, long key, long turn) {
        int hole = at;
        int child = 2 * hole + 1;
        while (child < size) {
            if (child + 1 < size && isBefore(keys[child + 1], turns[child + 1], child)) {
                child++;
            }
            if (isBefore(key, turn, child)) {
                break;
            }
            place(hole, slots[child], keys[child], turns[child]);
            hole = child;
            child = 2 * hole + 1;
        }
        return hole;
    }

    @HotPath
    private boolean isBefore(long key, long turn, int other) {
        return key < keys[other] || (key == keys[other] && turn < turns[other]);
    }

    @HotPath
    private void place(int at, int slot, long key, long turn) {
        slots[at] = slot;
        keys[at] = key;
        turns[at] = turn;
        places.positions[slot] = at;
    }

    private void grow() {
        int capacity = slots.length * 2;
        slots = Arrays.copyOf(slots, capacity);
        keys = Arrays.copyOf(keys, capacity);
        turns = Arrays.copyOf(turns, capacity);
    }
}
