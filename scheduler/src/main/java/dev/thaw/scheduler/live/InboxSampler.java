package dev.thaw.scheduler.live;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Lets other threads read what the scheduler's thread keeps: at most one request waits in the inbox, and a sample serves
 * everybody who asks within {@link #FRESH_NS}.
 *
 * <p>Threading: {@link #sample} on any thread; counters are read on the scheduler's.
 *
 * @param <T> immutable
 */
final class InboxSampler<T> {
    static final long FRESH_NS = 100_000_000L;

    private final Inbox inbox;
    private final LongFunction<T> counts;
    private final NanoClock clock;
    private volatile @Nullable Taken<T> last;
    private @Nullable CompletableFuture<T> pending;

    private record Taken<T>(T sample, long atNs) {}

    /** {@code counts} is called on the scheduler's thread, with the time. */
    InboxSampler(Inbox inbox, LongFunction<T> counts, NanoClock clock) {
        this.inbox = inbox;
        this.counts = counts;
        this.clock = clock;
    }

    CompletableFuture<T> sample() {
        Taken<T> latest = last;
        return latest != null && clock.nanoTime() - latest.atNs < FRESH_NS
                ? CompletableFuture.completedFuture(latest.sample)
                : request();
    }

    private synchronized CompletableFuture<T> request() {
        CompletableFuture<T> waiting = pending;
        if (waiting == null) {
            CompletableFuture<T> asked = new CompletableFuture<>();
            pending = asked;
            waiting = asked;
            if (!inbox.post(() -> take(asked))) {
                pending = null;
                asked.completeExceptionally(new IllegalStateException("inbox is full"));
            }
        }
        return waiting;
    }

    private void take(CompletableFuture<T> asked) {
        long nowNs = clock.nanoTime();
        T sample = counts.apply(nowNs);
        last = new Taken<>(sample, nowNs);
        synchronized (this) {
            pending = null;
        }
        asked.complete(sample);
    }
}
