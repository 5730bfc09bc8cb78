package dev.thaw.loadgen.trace;

import dev.thaw.scheduler.virtual.ArrivalSource;

/**
 * A trace's arrivals in virtual time: function ids are indexes into {@link Trace#functions}.
 *
 * <p>Threading: one thread.
 */
final class TraceArrivals implements ArrivalSource {
    private final ArrivalCursor cursor;

    TraceArrivals(ArrivalCursor cursor) {
        this.cursor = cursor;
    }

    @Override
    public boolean next() {
        return cursor.next();
    }

    @Override
    public long atNs() {
        return cursor.startNs();
    }

    @Override
    public int functionId() {
        return cursor.function();
    }

    @Override
    public long workNs() {
        return cursor.durationUs() * 1_000L;
    }
}
