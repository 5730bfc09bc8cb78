package dev.thaw.scheduler.live;

import dev.thaw.results.FleetSample;
import dev.thaw.results.live.EndedInterval;
import dev.thaw.results.live.LiveReading;
import dev.thaw.results.live.ServerTotals;
import dev.thaw.scheduler.core.Scheduler;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Reads, for the live page, what the scheduler's thread keeps, and has it record what ends until the next reading.
 *
 * <p>Threading: {@link #read} on any thread, by one reader at a time; the rest is the scheduler's.
 */
final class LiveProbe {
    private final Inbox inbox;
    private final Scheduler scheduler;
    private final InvocationMetrics metrics;
    private final NanoClock clock;

    LiveProbe(Inbox inbox, Scheduler scheduler, InvocationMetrics metrics, NanoClock clock) {
        this.inbox = inbox;
        this.scheduler = scheduler;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** As {@link Engine#watch}. Fails where the inbox is full to the last element: nothing has changed then. */
    CompletableFuture<LiveReading> read(@Nullable EndedInterval next) {
        CompletableFuture<LiveReading> answer = new CompletableFuture<>();
        if (!inbox.post(() -> answer(answer, next))) {
            answer.completeExceptionally(new IllegalStateException("inbox is full"));
        }
        return answer;
    }

    private void answer(CompletableFuture<LiveReading> answer, @Nullable EndedInterval next) {
        try {
            answer.complete(take(next));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private LiveReading take(@Nullable EndedInterval next) {
        FleetSample fleet = scheduler.counts().sample(clock.nanoTime());
        ServerTotals totals = new ServerTotals(
                metrics.totalInvocations(),
                metrics.totalErrors(),
                metrics.totalThrottles() + inbox.totalRefusals(),
                metrics.totalRefusals(),
                fleet.created());
        return new LiveReading(
                fleet, scheduler.concurrency().totalInUse(), totals, scheduler.hosts(), metrics.watch(next));
    }
}
