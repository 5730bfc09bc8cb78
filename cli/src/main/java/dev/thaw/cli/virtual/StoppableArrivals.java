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
    private final int[] servedBy;
    private final double[] workFactors;
    private volatile boolean stopped;

    /**
     * Takes what the arrays and flags say of the source's arrivals.
     *
     * @param drawsWork the model's durations, not the source's
     * @param servedBy by the source's function: the one that counts
     * @param workFactors by the one that counts: how many times as long its handler works
     */
    StoppableArrivals(ArrivalSource source, boolean drawsWork, int[] servedBy, double[] workFactors) {
        this.source = source;
        this.drawsWork = drawsWork;
        this.servedBy = servedBy;
        this.workFactors = workFactors;
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
        return servedBy[source.functionId()];
    }

    @Override
    @HotPath
    public long workNs() {
        if (drawsWork) {
            return DRAW_WORK;
        }
        double factor = workFactors[functionId()];
        return factor == 1 ? source.workNs() : Math.round(source.workNs() * factor);
    }
}
