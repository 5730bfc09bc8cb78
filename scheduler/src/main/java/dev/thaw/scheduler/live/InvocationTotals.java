package dev.thaw.scheduler.live;

import dev.thaw.results.ServerMetrics;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sums of the series of one function, version and alias: its revisions count as one. */
final class InvocationTotals {
    private static final double NS_PER_MS = 1e6;

    private final String function;
    private final String version;
    private final @Nullable String alias;
    private long invocations;
    private long errors;
    private long throttles;
    private long durationNs;
    private final long[] durationCounts = new long[ServerMetrics.durationBoundsMs().length + 1];

    InvocationTotals(String function, String version, @Nullable String alias) {
        this.function = function;
        this.version = version;
        this.alias = alias;
    }

    void add(long moreInvocations, long moreErrors, long moreThrottles, long moreNs, long[] moreCounts) {
        invocations += moreInvocations;
        errors += moreErrors;
        throttles += moreThrottles;
        durationNs += moreNs;
        for (int i = 0; i < durationCounts.length; i++) {
            durationCounts[i] += moreCounts[i];
        }
    }

    void addThrottles(long moreThrottles) {
        throttles += moreThrottles;
    }

    ServerMetrics.Invocations toRow() {
        return new ServerMetrics.Invocations(
                function,
                version,
                alias,
                invocations,
                errors,
                throttles,
                durationNs / NS_PER_MS,
                Arrays.stream(durationCounts).boxed().toList());
    }
}
