package dev.thaw.results.pauses;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The last pauses of a process: days of a quiet host, less than a minute of one that wakes every thread too late. Counts
 * what it has forgotten.
 *
 * <p>Threading: any thread.
 */
public final class PauseLog {
    static final int CAPACITY = 16_384;

    private final ArrayDeque<Pause> pauses = new ArrayDeque<>();
    private long dropped;

    public synchronized void add(Pause pause) {
        if (pauses.size() == CAPACITY) {
            pauses.removeFirst();
            dropped++;
        }
        pauses.addLast(pause);
    }

    /** What it holds, told at this time of the clock that the pauses are on. */
    public synchronized Pauses told(long nowNs) {
        return new Pauses(nowNs, List.copyOf(pauses), dropped);
    }
}
