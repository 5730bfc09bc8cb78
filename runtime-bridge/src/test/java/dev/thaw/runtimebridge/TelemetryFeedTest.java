package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.functions.LoggingConfig;
import dev.thaw.scheduler.functions.LoggingConfig.Format;
import dev.thaw.scheduler.functions.LoggingConfig.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        output(text, TelemetryType.FUNCTION);
    }

    private void output(String text, TelemetryType writer) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        feed.output(bytes, bytes.length, writer);
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
        feed.publish(TelemetryEvents.initRuntimeDone(
                0, InitializationType.ON_DEMAND, false, TelemetryEvents.Status.SUCCESS));
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
        String line = "x".repeat(TelemetryLine.LIMIT_BYTES + 1);
        output(line + "\n");
        feed.end();
        assertThat(bench.records()).containsExactly("x".repeat(TelemetryLine.LIMIT_BYTES), "x");
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

    /** Wire.md W3: the record of a line is the object where logs are JSON. */
    @Test
    void shouldTellObjectsOfAFunctionThatLogsJson() {
        LoggingConfig json = new LoggingConfig(Format.JSON, Level.INFO, Level.INFO, null);
        DeployedFunction function = Functions.of("f", Path.of("/"), 3, json);
        feed.logTo(new EnvironmentLog(Path.of("/dev/null"), function, new CachedEpochClock()));
        feed.subscribe(bench.subscriber(TelemetryApi.TELEMETRY, TelemetryType.FUNCTION), "e", 0);
        output("{\"level\":\"INFO\"}\n{\"cut\n{} {}\n[1]\n");
        feed.end();
        assertThat(bench.rawRecords()).containsExactly("{\"level\":\"INFO\"}", "\"{\\\"cut\"", "\"{} {}\"", "\"[1]\"");
        assertThat(feed.isWanted()).isTrue(); // by the log
    }

    @Test
    void shouldBeWantedByNobodyOnceInitIsOverWithoutASubscriber() {
        assertThat(feed.isWanted()).isTrue();
        feed.closeSubscription();
        assertThat(feed.isWanted()).isFalse();
    }
}
