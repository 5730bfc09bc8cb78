package dev.thaw.loadgen;

import java.util.Arrays;

/** Invocations whose start has come and that have no connection yet, first in, first out. Grows, never drops. */
final class Backlog {
    private long[] intendedNs = new long[1024];
    private int[] functions = new int[1024];
    private int[] durationsUs = new int[1024];
    private int head;
    private int size;
    private int mostEver;

    int size() {
        return size;
    }

    int mostEver() {
        return mostEver;
    }

    void clearMost() {
        mostEver = size;
    }

    void add(int function, long startNs, int durationUs) {
        if (size == functions.length) {
            grow();
        }
        int at = (head + size++) & (functions.length - 1);
        functions[at] = function;
        intendedNs[at] = startNs;
        durationsUs[at] = durationUs;
        mostEver = Math.max(mostEver, size);
    }

    int function() {
        return functions[head];
    }

    long intendedNs() {
        return intendedNs[head];
    }

    int durationUs() {
        return durationsUs[head];
    }

    /** Forgets the first. */
    void remove() {
        head = (head + 1) & (functions.length - 1);
        size--;
    }

    private void grow() {
        int length = functions.length;
        intendedNs = Arrays.copyOf(intendedNs, length * 2);
        functions = Arrays.copyOf(functions, length * 2);
        durationsUs = Arrays.copyOf(durationsUs, length * 2);
        // What had wrapped to the front goes behind the rest.
        System.arraycopy(intendedNs, 0, intendedNs, length, head);
        System.arraycopy(functions, 0, functions, length, head);
        System.arraycopy(durationsUs, 0, durationsUs, length, head);
    }
}
