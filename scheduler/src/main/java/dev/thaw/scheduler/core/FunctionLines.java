package dev.thaw.scheduler.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Waiting invocations of each function, in order of arrival: whatever environment becomes ready serves the first. */
final class FunctionLines {
    private @Nullable Invocation[] firsts = new @Nullable Invocation[0];
    private @Nullable Invocation[] lasts = new @Nullable Invocation[0];
    private int lines;

    void addLine() {
        if (lines == firsts.length) {
            int capacity = Math.max(16, lines * 2);
            firsts = Arrays.copyOf(firsts, capacity);
            lasts = Arrays.copyOf(lasts, capacity);
        }
        lines++;
    }

    int count() {
        return lines;
    }

    @HotPath
    @Nullable
    Invocation first(int functionId) {
        return firsts[functionId];
    }

    /** The first one that no environment is being started for. */
    @Nullable
    Invocation firstWithoutStart(int functionId) {
        Invocation invocation = firsts[functionId];
        while (invocation != null && invocation.startingSlot != EnvironmentTable.NONE) {
            invocation = invocation.next;
        }
        return invocation;
    }

    void add(Invocation invocation) {
        int line = invocation.functionId();
        Invocation before = lasts[line];
        while (before != null && before.arrival > invocation.arrival) {
            before = before.previous;
        }
        Invocation after = before == null ? firsts[line] : before.next;
        link(line, before, invocation);
        link(line, invocation, after);
    }

    void remove(Invocation invocation) {
        link(invocation.functionId(), invocation.previous, invocation.next);
        invocation.previous = null;
        invocation.next = null;
    }

    private void link(int line, @Nullable Invocation before, @Nullable Invocation after) {
        if (before == null) {
            firsts[line] = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            lasts[line] = before;
        } else {
            after.previous = before;
        }
    }
}
