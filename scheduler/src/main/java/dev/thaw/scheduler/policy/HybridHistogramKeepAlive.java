package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.KeepAlivePolicy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Learns how long each function is idle between invocations (Shahrad et al., Serverless in the Wild, USENIX ATC 2020):
 * environments go at once if hardly any invocation comes sooner than the histogram's head, one is started again shortly
 * before it, and stays until shortly after the tail; both have a margin. Where the head is in the first bin, environments
 * simply stay until the tail. Where the histogram says little, because it has few idle times, most are beyond its range, or
 * its bins are much alike, every environment stays for a fixed time. Under memory pressure the least recently used goes
 * first.
 *
 * <p>Differs from the paper: a histogram is of a function, not of an application (whoever shares environments between
 * functions makes the application one function); an idle time ends with the next arrival and begins when any environment of
 * the function became idle, for one serves one invocation at a time; there is no time series model (ARIMA) for what is idle
 * for longer than the range.
 */
public final class HybridHistogramKeepAlive implements KeepAlivePolicy {
    private static final int FIRST_CAPACITY = 64;
    private static final double PERCENT = 100.0;

    private final Settings settings;
    private final double headFactor;
    private final double tailFactor;
    private final double leastSquaredVariation;
    private @Nullable IdleTimes[] idleTimes = new @Nullable IdleTimes[0];
    private long[] idleSinceNs = new long[0];
    private boolean[] idle = new boolean[0];
    /** What belongs to the last answer of {@link #keepNs}. */
    private long prewarmAfterNs = FOR_EVER;

    /**
     * What the paper calls its parameters.
     *
     * @param rangeNs of the histogram
     * @param binNs width of its bins
     * @param headPercent of idle times shorter than the pre-warming window
     * @param tailPercent of idle times that end before the environment goes
     * @param marginPercent by which the windows are widened
     * @param leastVariation of the bins' counts, below which the histogram says nothing
     * @param leastCount of idle times, below which it says nothing
     * @param fallbackNs how long environments stay then
     */
    public record Settings(
            long rangeNs,
            long binNs,
            int headPercent,
            int tailPercent,
            int marginPercent,
            double leastVariation,
            int leastCount,
            long fallbackNs) {
        private static final long MINUTE_NS = 60_000_000_000L;
        private static final int MOST_BINS = 10_000;

        public Settings {
            if (binNs < 1 || rangeNs < binNs || rangeNs / binNs > MOST_BINS) {
                throw new IllegalArgumentException(
                        "range of " + rangeNs + " ns and bin of " + binNs + " ns, must be 1.." + MOST_BINS + " bins");
            }
            if (headPercent < 0 || headPercent > tailPercent || tailPercent > 100) {
                throw new IllegalArgumentException(
                        "head is " + headPercent + " and tail " + tailPercent + ", must be 0 <= head <= tail <= 100");
            }
        }

        /** Four hours by the minute, 5th and 99th percentile, 10 % margin, variation 2, and the range to fall back to. */
        public static Settings defaults() {
            return new Settings(240 * MINUTE_NS, MINUTE_NS, 5, 99, 10, 2, 1, 240 * MINUTE_NS);
        }

        int bins() {
            return (int) (rangeNs / binNs);
        }
    }

    public HybridHistogramKeepAlive(Settings settings) {
        this.settings = settings;
        headFactor = 1 - settings.marginPercent() / PERCENT;
        tailFactor = 1 + settings.marginPercent() / PERCENT;
        leastSquaredVariation = settings.leastVariation() * settings.leastVariation();
    }

    @Override
    @HotPath
    public void onArrival(int functionId, FleetView fleet, long nowNs) {
        IdleTimes times = timesOf(functionId);
        if (idle[functionId]) {
            idle[functionId] = false;
            times.add((nowNs - idleSinceNs[functionId]) / settings.binNs());
        }
    }

    @Override
    @HotPath
    public long keepNs(int slot, FleetView fleet, long nowNs) {
        int functionId = fleet.functionOf(slot);
        IdleTimes times = timesOf(functionId);
        prewarmAfterNs = FOR_EVER;
        boolean comesAhead = !fleet.hasServed(slot) && idle[functionId];
        if (!comesAhead) {
            idle[functionId] = true;
            idleSinceNs[functionId] = nowNs;
        }
        if (!isRepresentative(times)) {
            return settings.fallbackNs();
        }
        long tailNs = Math.round((times.tailBin() + 1) * settings.binNs() * tailFactor);
        if (comesAhead) {
            return Math.max(0, tailNs - (nowNs - idleSinceNs[functionId]));
        }
        if (times.headBin() == 0) {
            return tailNs;
        }
        prewarmAfterNs = Math.round(times.headBin() * settings.binNs() * headFactor);
        return 0;
    }

    @HotPath
    private boolean isRepresentative(IdleTimes times) {
        return times.count() >= settings.leastCount()
                && times.beyond() <= times.count()
                && times.squaredVariation() >= leastSquaredVariation;
    }

    @Override
    @HotPath
    public long prewarmAfterNs(int functionId, FleetView fleet, long nowNs) {
        return prewarmAfterNs;
    }

    @HotPath
    private IdleTimes timesOf(int functionId) {
        IdleTimes times = functionId < idleTimes.length ? idleTimes[functionId] : null;
        return times != null ? times : slowAdd(functionId);
    }

    private IdleTimes slowAdd(int functionId) {
        if (functionId >= idleTimes.length) {
            int capacity = Math.max(FIRST_CAPACITY, functionId * 2);
            idleTimes = Arrays.copyOf(idleTimes, capacity);
            idleSinceNs = Arrays.copyOf(idleSinceNs, capacity);
            idle = Arrays.copyOf(idle, capacity);
        }
        IdleTimes times = new IdleTimes(settings.bins(), settings.headPercent(), settings.tailPercent());
        idleTimes[functionId] = times;
        return times;
    }
}
