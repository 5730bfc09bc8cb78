package dev.thaw.scheduler.core;

import java.util.Arrays;

/**
 * Doubly linked lists of slots in plain arrays. A slot is in one list of the family at most; which one is the caller's
 * knowledge. Adding and removing are O(1) and allocate only where a new list or slot makes the arrays grow.
 */
final class SlotLists {
    static final int NONE = -1;

    private int[] firsts = new int[0];
    private int[] lasts = new int[0];
    private int[] nexts = new int[0];
    private int[] previouses = new int[0];

    /** Makes lists {@code 0..count - 1} exist. */
    void ensureLists(int count) {
        firsts = grown(firsts, count);
        lasts = grown(lasts, count);
    }

    /** Makes slot {@code slot} linkable. */
    void ensureSlot(int slot) {
        nexts = grown(nexts, slot + 1);
        previouses = grown(previouses, slot + 1);
    }

    @HotPath
    int first(int list) {
        return firsts[list];
    }

    @HotPath
    int next(int slot) {
        return nexts[slot];
    }

    @HotPath
    void addFirst(int list, int slot) {
        int first = firsts[list];
        previouses[slot] = NONE;
        nexts[slot] = first;
        firsts[list] = slot;
        if (first == NONE) {
            lasts[list] = slot;
        } else {
            previouses[first] = slot;
        }
    }

    @HotPath
    void addLast(int list, int slot) {
        int last = lasts[list];
        nexts[slot] = NONE;
        previouses[slot] = last;
        lasts[list] = slot;
        if (last == NONE) {
            firsts[list] = slot;
        } else {
            nexts[last] = slot;
        }
    }

    @HotPath
    void remove(int list, int slot) {
        int next = nexts[slot];
        int previous = previouses[slot];
        if (previous == NONE) {
            firsts[list] = next;
        } else {
            nexts[previous] = next;
        }
        if (next == NONE) {
            lasts[list] = previous;
        } else {
            previouses[next] = previous;
        }
    }

    private static int[] grown(int[] links, int count) {
        if (count <= links.length) {
            return links;
        }
        int[] more = Arrays.copyOf(links, Math.max(count, links.length * 2));
        Arrays.fill(more, links.length, more.length, NONE);
        return more;
    }
}
