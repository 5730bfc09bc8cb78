package dev.thaw.results.pauses;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The last pauses of a process, and times in which its threads had no processor: days of a quiet host, less than a minute of
 * one that wakes every thread too late. Counts what it has forgotten.
 *
 * <p>Threading: any thread.
 */
public final class PauseLog {
    static final int CAPACITY = 16_384;

    private final ArrayDeque<Pause> pauses = new ArrayDeque<>();
    private final ArrayDeque<CpuWait> cpuWaits = new ArrayDeque<>();
    private boolean tellsCpuWaits;
    private long dropped;

    public synchronized void add(Pause pause) {
        add(pauses, pause);
    }

    public synchronized void addCpuWait(CpuWait wait) {
        add(cpuWaits, wait);
    }

    /** Where there is none, none was seen; without this nobody has looked. */
    public synchronized void tellCpuWaits() {
        tellsCpuWaits = true;
    }

    private <T> void add(ArrayDeque<T> last, T next) {
        if (last.size() == CAPACITY) {
            last.removeFirst();
            dropped++;
        }
        last.addLast(next);
    }

    /** What it holds, told at this time of the clock that the pauses are on. */
    public synchronized Pauses told(long nowNs) {
        return new Pauses(nowNs, List.copyOf(pauses), tellsCpuWaits ? List.copyOf(cpuWaits) : null, dropped);
    }
}
