package dev.thaw.loadgen.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of rows that cannot be used: the first one ends the reading, or all are left out, counted, and the first
 * few named. A file that cannot be read on (a broken archive, an endless line) is no row and always ends the reading.
 */
final class BrokenRows {
    /** How many are named; the others are counted. */
    private static final int NAMED = 5;

    private final boolean skip;
    private final List<String> named = new ArrayList<>();
    private long count;

    BrokenRows(boolean skip) {
        this.skip = skip;
    }

    /** Takes note of the row, or throws. */
    void meet(TraceException broken) {
        if (!skip) {
            throw broken;
        }
        if (count++ < NAMED) {
            named.add(String.valueOf(broken.getMessage()));
        }
    }

    long count() {
        return count;
    }

    List<String> named() {
        return List.copyOf(named);
    }
}
