package dev.thaw.results.pauses;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The last pauses of a process, so many that an hour on a busy host fits.
 *
 * <p>Threading: any thread.
 */
public final class PauseLog {
    static final int CAPACITY = 16_384;

    private final ArrayDeque<Pause> pauses = new ArrayDeque<>();

    public synchronized void add(Pause pause) {
        if (pauses.size() == CAPACITY) {
            pauses.removeFirst();
        }
        pauses.addLast(pause);
    }

    public synchronized List<Pause> all() {
        return List.copyOf(pauses);
    }
}
