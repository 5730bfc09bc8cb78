package dev.thaw.scheduler.frontend.live;

import dev.thaw.results.live.EndedInterval;
import dev.thaw.results.live.LastMinute;
import dev.thaw.results.live.LiveEvent;
import dev.thaw.results.live.LiveReading;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the live page's events: one a second while anybody reads, and only so long is recorded what they tell.
 *
 * <p>Threading: owns {@code thaw-live}, which ends some seconds after the last reader; {@link #close} on any thread.
 */
public final class LiveFeed implements AutoCloseable {
    private static final long INTERVAL_MS = 1_000;
    private static final long IDLE_THREAD_SEC = 5;

    private final Source source;
    private final NanoClock clock;
    private final EpochClock epochClock;
    private final ErrorHandler errorHandler;
    private final long intervalMs;
    private final long startNs;
    private final LiveReaders readers = new LiveReaders(LiveReaders.MOST, this::onChange);
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("thaw-live").daemon(true).factory());
    private @Nullable Watch watch;
    private long events;

    /** Where readings come from: the engine. */
    @FunctionalInterface
    public interface Source {
        /** The server now; what ends from then on is recorded into {@code next}, null for nowhere. */
        CompletableFuture<LiveReading> watch(@Nullable EndedInterval next);
    }

    /** One time of being read, from the first reader to the last. */
    private static final class Watch {
        final LastMinute minute = new LastMinute();
        final CpuMeter cpu = new CpuMeter();
        final Future<?> ticks;
        /** To be recorded into next. */
        EndedInterval spare = new EndedInterval();
        /** A reading is on its way. */
        boolean asked;

        Watch(Future<?> ticks) {
            this.ticks = ticks;
        }
    }

    public LiveFeed(Source source, NanoClock clock, EpochClock epochClock, ErrorHandler errorHandler) {
        this(source, clock, epochClock, errorHandler, INTERVAL_MS);
    }

    LiveFeed(Source source, NanoClock clock, EpochClock epochClock, ErrorHandler errorHandler, long intervalMs) {
        this.source = source;
        this.clock = clock;
        this.epochClock = epochClock;
        this.errorHandler = errorHandler;
        this.intervalMs = intervalMs;
        startNs = clock.nanoTime();
        thread.setKeepAliveTime(IDLE_THREAD_SEC, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Where connections come to read. */
    public LiveReaders readers() {
        return readers;
    }

    /** Ends every reader's stream. */
    @Override
    public void close() {
        thread.shutdownNow();
        readers.end();
    }

    private void onChange() {
        try {
            thread.execute(this::adjust);
        } catch (RejectedExecutionException e) {
            // The server ends: nobody reads any more.
        }
    }

    private void adjust() {
        boolean read = !readers.isEmpty();
        Watch current = watch;
        if (read && current == null) {
            watch = new Watch(thread.scheduleAtFixedRate(this::tick, 0, intervalMs, TimeUnit.MILLISECONDS));
        } else if (!read && current != null) {
            watch = null;
            current.ticks.cancel(false);
            stopRecording();
        }
    }

    /** Asks once more where the scheduler's inbox was full. */
    private void stopRecording() {
        if (watch == null) {
            var _ = source.watch(null).exceptionally(problem -> {
                var _ = thread.schedule(this::stopRecording, intervalMs, TimeUnit.MILLISECONDS);
                return null;
            });
        }
    }

    private void tick() {
        Watch current = watch;
        if (current != null && !current.asked) {
            current.asked = true;
            var _ = source.watch(current.spare)
                    .whenCompleteAsync((reading, problem) -> onReading(current, reading, problem), thread);
        }
    }

    /** Without a reading (the inbox was full) nothing has changed, and the next interval is longer. */
    private void onReading(Watch current, @Nullable LiveReading reading, @Nullable Throwable problem) {
        current.asked = false;
        if (reading == null || problem != null || current != watch) {
            return;
        }
        try {
            publish(current, reading);
        } catch (RuntimeException e) {
            errorHandler.onError(e);
        } finally {
            EndedInterval ended = reading.ended();
            current.spare = ended == null ? new EndedInterval() : ended;
            current.spare.reset();
        }
    }

    private void publish(Watch current, LiveReading reading) {
        long ageNs = clock.nanoTime() - reading.fleet().atNs();
        long atEpochMs = epochClock.time() - TimeUnit.NANOSECONDS.toMillis(ageNs);
        current.minute.add(reading);
        String data = LiveEvent.of(
                reading, current.minute, current.cpu.read(reading.fleet().atNs()), atEpochMs, startNs);
        readers.publish(ServerSentEvent.of(events++, data));
    }
}
