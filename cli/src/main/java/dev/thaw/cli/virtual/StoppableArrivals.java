package dev.thaw.cli.virtual;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.virtual.ArrivalSource;

/**
 * Arrivals that end early where somebody asks for it.
 *
 * <p>Threading: one thread; {@link #stop} on any.
 */
final class StoppableArrivals implements ArrivalSource {
    private final ArrivalSource source;
    private final boolean drawsWork;
    private volatile boolean stopped;

    /** @param drawsWork the model's durations, not the source's */
    StoppableArrivals(ArrivalSource source, boolean drawsWork) {
        this.source = source;
        this.drawsWork = drawsWork;
    }

    /** What has not arrived yet never does. */
    void stop() {
        stopped = true;
    }

    @Override
    @HotPath
    public boolean next() {
        return !stopped && source.next();
    }

    @Override
    @HotPath
    public long atNs() {
        return source.atNs();
    }

    @Override
    @HotPath
    public int functionId() {
        return source.functionId();
    }

    @Override
    @HotPath
    public long workNs() {
        return drawsWork ? DRAW_WORK : source.workNs();
    }
}
