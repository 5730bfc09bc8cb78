package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slow, dead and refusing subscribers, in made-up time. */
final class TelemetrySubscriberTest {
    private final SubscriberBench bench = new SubscriberBench();
    private final TelemetrySubscriber subscriber = bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.values());

    @AfterEach
    void close() {
        bench.close();
    }

    private void offer(String line) {
        subscriber.offer(TelemetryEvents.line(0, TelemetryType.FUNCTION, line));
    }

    @Test
    void shouldSendOnceItsTimeHasCome() {
        offer("a");
        bench.run();
        bench.pass(999);
        assertThat(bench.records()).isEmpty();
        bench.pass(1);
        assertThat(bench.records()).containsExactly("a");
    }

    @Test
    void shouldSendOneBatchAtATime() {
        bench.carrier.silent = true;
        offer("a");
        subscriber.flush();
        bench.run();
        offer("b");
        subscriber.flushNow();
        bench.pass(60_000);
        assertThat(bench.records()).containsExactly("a");
        bench.carrier.unanswered.removeFirst().onDelivered();
        assertThat(bench.records()).containsExactly("a", "b");
    }

    @Test
    void shouldLoseWhatASlowOneDoesNotTakeAndTellIt() {
        bench.carrier.silent = true;
        String line = "x".repeat(10_000);
        for (int i = 0; i < 200; i++) {
            offer(line);
            bench.run();
        }
        assertThat(bench.carrier.batches).hasSize(1);
        bench.carrier.silent = false;
        bench.carrier.unanswered.removeFirst().onDelivered();
        bench.pass(1_000);
        assertThat(bench.records()).contains("platform.logsDropped").hasSizeLessThan(80);
    }

    @Test
    void shouldTryADeadOneThreeTimesAndEachTimeLater() {
        bench.carrier.silent = true;
        offer("a");
        subscriber.flush();
        bench.run();
        for (long backoffMs : new long[] {100, 200}) {
            bench.carrier.unanswered.removeFirst().onUnreachable("refused");
            bench.pass(backoffMs - 1);
            assertThat(bench.carrier.unanswered).isEmpty();
            bench.pass(1);
            assertThat(bench.carrier.unanswered).hasSize(1);
        }
        bench.carrier.unanswered.removeFirst().onUnreachable("refused");
        bench.pass(60_000);
        assertThat(bench.carrier.batches).hasSize(TelemetrySubscriber.ATTEMPTS);
        bench.carrier.silent = false;
        offer("b");
        bench.run();
        bench.pass(1_000);
        assertThat(bench.records().subList(3, 5)).containsExactly("platform.logsDropped", "b");
    }

    @Test
    void shouldNotRepeatWhatASubscriberRefused() {
        bench.carrier.silent = true;
        offer("a");
        subscriber.flush();
        bench.run();
        bench.carrier.unanswered.removeFirst().onRefused("status 500");
        bench.pass(60_000);
        assertThat(bench.carrier.batches).hasSize(1);
    }

    @Test
    void shouldSendWhatIsLeftAtTheEndAndClose() {
        offer("a");
        subscriber.end();
        assertThat(bench.records()).containsExactly("a");
        assertThat(bench.carrier.closed).isTrue();
    }

    @Test
    void shouldGiveUpAtTheEndWhereNobodyListens() {
        bench.carrier.silent = true;
        offer("a");
        subscriber.end();
        bench.run();
        bench.carrier.unanswered.removeFirst().onUnreachable("refused");
        assertThat(bench.carrier.closed).isTrue();
    }
}
