package dev.thaw.scheduler.live;

import dev.thaw.results.FleetSample;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Lets other threads read the core's counters: at most one request waits in the inbox, and a sample serves everybody
 * who asks within {@link #FRESH_NS}.
 *
 * <p>Threading: {@link #sample} on any thread; counters are read on the scheduler's.
 */
final class FleetSampler {
    static final long FRESH_NS = 100_000_000L;

    private final Inbox inbox;
    private final LongFunction<FleetSample> counts;
    private final NanoClock clock;
    private volatile @Nullable FleetSample last;
    private @Nullable CompletableFuture<FleetSample> pending;

    FleetSampler(Inbox inbox, LongFunction<FleetSample> counts, NanoClock clock) {
        this.inbox = inbox;
        this.counts = counts;
        this.clock = clock;
    }

    CompletableFuture<FleetSample> sample() {
        FleetSample latest = last;
        return latest != null && clock.nanoTime() - latest.atNs() < FRESH_NS
                ? CompletableFuture.completedFuture(latest)
                : request();
    }

    private synchronized CompletableFuture<FleetSample> request() {
        CompletableFuture<FleetSample> waiting = pending;
        if (waiting == null) {
            CompletableFuture<FleetSample> asked = new CompletableFuture<>();
            pending = asked;
            waiting = asked;
            if (!inbox.post(() -> take(asked))) {
                pending = null;
                asked.completeExceptionally(new IllegalStateException("inbox is full"));
            }
        }
        return waiting;
    }

    private void take(CompletableFuture<FleetSample> asked) {
        FleetSample sample = counts.apply(clock.nanoTime());
        last = sample;
        synchronized (this) {
            pending = null;
        }
        asked.complete(sample);
    }
}
