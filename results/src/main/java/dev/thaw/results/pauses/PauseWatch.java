package dev.thaw.results.pauses;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Watches a whole process: its garbage collections, and by a thread that sleeps a hundredth of a second again and again,
 * whether the host lets it go on. A stall that is shorter than the sleep may pass unseen; of a longer one, all is seen
 * but what fell into a sleep that was not over. At each wake-up it asks Linux for how long the threads that serve had no
 * processor. Costs a hundred wake-ups a second.
 *
 * <p>Threading: its own thread {@code thaw-pauses}; {@link #pauses} on any.
 */
public final class PauseWatch implements AutoCloseable {
    static final long SLEEP_NS = 10_000_000L;
    /** Shorter delays are the timer's. */
    static final long LEAST_NS = 2_000_000L;

    private final LongSupplier nanoClock;
    private final PauseLog log = new PauseLog();
    private final CollectionWatch collections;
    private final ThreadWatch threads;
    private final Thread thread;
    private volatile boolean closed;

    private PauseWatch(LongSupplier nanoClock, LongSupplier epochMsClock, Predicate<String> isWatched) {
        this.nanoClock = nanoClock;
        threads = new ThreadWatch(isWatched, log);
        collections = new CollectionWatch(log::add, nanoClock, epochMsClock);
        thread = Thread.ofPlatform().name("thaw-pauses").daemon().unstarted(this::run);
    }

    /** Watches until it is closed: the process, and its threads of these names. */
    public static PauseWatch start(LongSupplier nanoClock, LongSupplier epochMsClock, Predicate<String> isWatched) {
        PauseWatch watch = new PauseWatch(nanoClock, epochMsClock, isWatched);
        watch.thread.start();
        return watch;
    }

    private void run() {
        long beforeNs = nanoClock.getAsLong();
        while (!closed) {
            LockSupport.parkNanos(SLEEP_NS);
            long afterNs = nanoClock.getAsLong();
            onWakeUp(log, beforeNs + SLEEP_NS, afterNs);
            threads.look(afterNs);
            beforeNs = afterNs;
        }
        threads.close();
    }

    /** A thread that was to wake then woke now. */
    public static void onWakeUp(PauseLog log, long dueNs, long nowNs) {
        if (nowNs - dueNs >= LEAST_NS) {
            log.add(new Pause(Pause.Kind.STALL, dueNs, nowNs));
        }
    }

    /** What it has seen, told now. */
    public Pauses pauses() {
        return log.told(nanoClock.getAsLong());
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        collections.close();
    }
}
