package dev.thaw.scheduler.frontend.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.FleetSample;
import dev.thaw.results.live.EndedInterval;
import dev.thaw.results.live.EventBacklog;
import dev.thaw.results.live.LiveReading;
import dev.thaw.results.live.ServerTotals;
import dev.thaw.results.live.SourceState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EventReadingsTest {
    private static final LiveReading OF_THE_ENGINE = new LiveReading(
            new FleetSample(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 3, new ServerTotals(1, 0, 0, 0, 0), List.of(), null);
    private static final List<SourceState> SOURCES = List.of(new SourceState("queue", "f", "Enabled", "OK"));

    private final EndedInterval next = new EndedInterval();
    private CompletableFuture<EventBacklog> backlog = new CompletableFuture<>();
    private int asked;
    private final EventReadings readings = new EventReadings(
            _ -> CompletableFuture.completedFuture(OF_THE_ENGINE),
            () -> {
                asked++;
                return backlog;
            },
            () -> SOURCES);

    private LiveReading reading() {
        return readings.watch(next).orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void shouldTellEventsBesideTheEnginesReading() {
        EventBacklog told = new EventBacklog(4, 2, 1, 1_500);
        backlog = CompletableFuture.completedFuture(told);

        assertThat(reading()).isEqualTo(OF_THE_ENGINE.with(told, SOURCES));
    }

    @Test
    void shouldNotWaitForEventsThatWaitForADisk() {
        assertThat(reading()).isEqualTo(OF_THE_ENGINE.with(null, SOURCES));
    }

    @Test
    void shouldAskNobodyWhereNobodyReads() {
        assertThat(readings.watch(null).join()).isSameAs(OF_THE_ENGINE);
        assertThat(asked).isZero();
    }
}
