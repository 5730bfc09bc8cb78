package dev.thaw.runtimebridge;

import dev.thaw.results.ServerRecord;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxStats;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.live.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What an environment's sandbox has used.
 *
 * <p>Counters cost a few reads of kernel files. Where an invocation's record is wanted they are read before and after
 * it; else after it only, and not again within {@link #STATS_AGE_NS} after one shorter than {@link #SHORT_NS}, which had
 * no time to touch more than a few MB.
 *
 * <p>Threading: the scheduler's thread.
 */
final class SandboxUsage {
    private static final long SHORT_NS = 1_000_000;
    private static final long STATS_AGE_NS = 100_000_000;

    private final SandboxStats before = new SandboxStats();
    private long peakBytes = -1;
    private long peakReadNs = Long.MIN_VALUE / 2;

    /** Before the event leaves: no work of its invocation may be missed. */
    @HotPath
    void start(@Nullable Sandbox sandbox, Exchange exchange) {
        if (exchange.recordWanted && sandbox != null) {
            sandbox.readStats(before);
        }
    }

    /** Fills the record of an invocation that took {@code durationNs}; {@code scratch} may be anybody's. */
    @HotPath
    void end(@Nullable Sandbox sandbox, Exchange exchange, long durationNs, long nowNs, SandboxStats scratch) {
        ServerRecord record = exchange.record;
        boolean fresh = durationNs < SHORT_NS && nowNs - peakReadNs < STATS_AGE_NS;
        if (sandbox != null && (exchange.recordWanted || !fresh)) {
            sandbox.readStats(scratch);
            peakBytes = scratch.peakMemoryBytes;
            peakReadNs = nowNs;
            if (exchange.recordWanted) {
                record.throttledNs = delta(before.throttledNs, scratch.throttledNs);
                record.cpuNs = delta(before.cpuNs, scratch.cpuNs);
                record.emulated = sandbox.emulated();
            }
        }
        record.peakMemoryBytes = peakBytes;
    }

    @HotPath
    private static long delta(long before, long after) {
        return before < 0 || after < 0 ? -1 : after - before;
    }
}
