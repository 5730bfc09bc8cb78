package dev.thaw.scheduler.frontend.live;

import dev.thaw.results.live.EndedInterval;
import dev.thaw.results.live.EventBacklog;
import dev.thaw.results.live.LiveReading;
import dev.thaw.results.live.SourceState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine's readings with what events tell of the same moment. Where their thread does not answer soon, as it may wait
 * for a disk, a reading goes without.
 *
 * <p>Threading: as {@link LiveFeed.Source}.
 *
 * @param backlog asks the events' thread
 */
public record EventReadings(
        LiveFeed.Source engine, Supplier<CompletableFuture<EventBacklog>> backlog, Supplier<List<SourceState>> sources)
        implements LiveFeed.Source {
    private static final long ANSWER_WITHIN_MS = 200;

    @Override
    public CompletableFuture<LiveReading> watch(@Nullable EndedInterval next) {
        CompletableFuture<LiveReading> reading = engine.watch(next);
        if (next == null) { // nobody reads any more
            return reading;
        }
        return reading.thenCombine(
                backlog.get().completeOnTimeout(null, ANSWER_WITHIN_MS, TimeUnit.MILLISECONDS),
                (now, waiting) -> now.with(waiting, sources.get()));
    }
}
