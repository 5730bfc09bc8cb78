package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.CachedEpochClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told to whom, and when nothing is worded at all. */
final class TelemetryFeedTest {
    private final TelemetryFeed feed = new TelemetryFeed(new CachedEpochClock());
    private final SubscriberBench bench = new SubscriberBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void output(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        feed.output(bytes, bytes.length);
    }

    @Test
    void shouldTellALateSubscriberWhatThereWasInInit() {
        output("before\n");
        TelemetrySubscriber late = bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.values());
        feed.subscribe(late, "e", 0);
        output("after\n");
        feed.end();
        assertThat(bench.records()).containsExactly("before", "platform.telemetrySubscription", "after");
    }

    @Test
    void shouldTellEachTypeToThoseWhoAskedForIt() {
        feed.subscribe(bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.FUNCTION), "e", 0);
        feed.publish(TelemetryEvents.start(0, "id", "1", ""));
        output("line\n");
        feed.end();
        assertThat(bench.records()).containsExactly("line");
    }

    @Test
    void shouldSpeakTheOlderApiToThoseWhoKnowNoOther() {
        feed.publish(TelemetryEvents.initRuntimeDone(0, false, TelemetryEvents.Status.SUCCESS));
        feed.subscribe(bench.subscriber(TelemetryApi.LOGS, TelemetryType.PLATFORM), "e", 0);
        feed.publish(TelemetryEvents.start(0, "id", "1", ""));
        feed.publish(TelemetryEvents.end(0, "id"));
        feed.end();
        assertThat(bench.records()).containsExactly("platform.logsSubscription", "platform.start", "platform.end");
    }

    @Test
    void shouldMakeRecordsOfLinesHoweverTheyCome() {
        feed.subscribe(bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.FUNCTION), "e", 0);
        output("o");
        output("ne\ntwo\n\nthr");
        output("ee");
        feed.endLine(0);
        feed.end();
        assertThat(bench.records()).containsExactly("one", "two", "three");
    }

    @Test
    void shouldCutLinesThatAreTooLong() {
        feed.subscribe(bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.FUNCTION), "e", 0);
        String line = "x".repeat(TelemetryFeed.LINE_LIMIT_BYTES + 1);
        output(line + "\n");
        feed.end();
        assertThat(bench.records()).containsExactly("x".repeat(TelemetryFeed.LINE_LIMIT_BYTES), "x");
    }

    @Test
    void shouldKeepNoMoreThanItsBoundBeforeSomebodySubscribes() {
        String line = "x".repeat(1_000) + "\n";
        for (int i = 0; i < 300; i++) {
            output(line);
        }
        feed.subscribe(bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.values()), "e", 0);
        feed.end();
        List<String> records = bench.records();
        assertThat(records).contains("platform.logsDropped").hasSizeBetween(100, 260);
    }

    @Test
    void shouldBeWantedByNobodyOnceInitIsOverWithoutASubscriber() {
        assertThat(feed.isWanted()).isTrue();
        feed.closeSubscription();
        assertThat(feed.isWanted()).isFalse();
    }
}
