package dev.thaw.scheduler.events.source;

/**
 * How long to wait after failures in a row: 1 s, doubling, up to 60 s.
 *
 * <p>Threading: safe on any thread.
 */
final class Backoff {
    private static final long FIRST_MS = 1_000;
    private static final long MAX_MS = 60_000;

    private volatile long waitMs;

    synchronized void grow() {
        waitMs = Math.clamp(waitMs * 2, FIRST_MS, MAX_MS);
    }

    synchronized void reset() {
        waitMs = 0;
    }

    /** 0 after a success. */
    long waitMs() {
        return waitMs;
    }
}
