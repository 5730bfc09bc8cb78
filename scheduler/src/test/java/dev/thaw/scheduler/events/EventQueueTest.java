package dev.thaw.scheduler.events;

import static dev.thaw.scheduler.events.VirtualQueue.FUNCTION;
import static dev.thaw.scheduler.events.VirtualQueue.HOUR_MS;
import static dev.thaw.scheduler.events.VirtualQueue.JSON;
import static dev.thaw.scheduler.events.VirtualQueue.QUEUE;
import static dev.thaw.scheduler.events.VirtualQueue.START_MS;
import static dev.thaw.scheduler.events.VirtualQueue.event;
import static dev.thaw.scheduler.events.VirtualQueue.functionError;
import static dev.thaw.scheduler.events.VirtualQueue.throttled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.live.EventBacklog;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class EventQueueTest {
    @TempDir
    private Path folder;

    private VirtualQueue queue;

    @BeforeEach
    void open() throws IOException, SQLException {
        queue = new VirtualQueue(folder.resolve("events.db"));
    }

    @AfterEach
    void close() throws SQLException {
        queue.close();
    }

    @Test
    void shouldAcceptManyEventsInOneCommitAndRunThemAfterwards() {
        List<List<EventIntake.Acceptance>> receipts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            receipts.add(queue.accept(event("r" + i, "{}")));
        }
        assertThat(receipts).allMatch(List::isEmpty);
        assertThat(queue.attempts).isEmpty();
        queue.turn();
        assertThat(receipts).allMatch(List.of(EventIntake.Acceptance.STORED)::equals);
        assertThat(queue.attempts).hasSize(100);
        queue.pass(PendingChanges.LAZY_MS);
        assertThat(queue.queue.size()).isZero();
        assertThat(queue.counts().received).hasValue(100);
        assertThat(queue.counts().dropped).hasValue(0);
    }

    @Test
    void shouldTellWhatWaitsForHowLongAndWhatIsUnderWay() {
        assertThat(queue.queue.backlog(queue.nowMs)).isEqualTo(new EventBacklog(0, 0, 0, -1));
        queue.configure(2, 21_600, null, QUEUE);
        queue.function = event -> event.requestId().equals("fails") ? functionError("{}") : null;
        queue.target = delivery -> new TargetSender.Sent.Failed("away", false);
        queue.accept(event("fails", "{}"));
        queue.pass(1_000);
        for (int i = 0; i < 20; i++) {
            queue.accept(event("r" + i, "{}"));
        }
        queue.pass(500);
        // Sixteen may be under way on two processors; one waits for its next attempt, 1.5 s after it was accepted.
        assertThat(queue.queue.backlog(queue.nowMs)).isEqualTo(new EventBacklog(5, 16, 0, 1_500));
        List.copyOf(queue.attempts).stream()
                .filter(attempt -> !attempt.event().requestId().equals("fails"))
                .forEach(attempt -> attempt.result().accept(functionError("{}")));
        queue.function = event -> functionError("{}");
        queue.pass(HOUR_MS / 2);
        assertThat(queue.queue.backlog(queue.nowMs)).isEqualTo(new EventBacklog(0, 0, 21, -1));
    }

    @Test
    void shouldTryFunctionErrorsAgainAfterOneAndTwoMinutes() {
        queue.configure(2, 21_600, null, QUEUE);
        queue.function = event -> functionError("{\"errorMessage\":\"no\"}");
        queue.accept(event("r", "{\"x\":5}"));
        queue.pass(7 * HOUR_MS);
        assertThat(queue.attemptTimesMs()).containsExactly(0L, 60_000L, 180_000L);
        assertThat(queue.attempts)
                .extracting(attempt -> attempt.event().requestId())
                .containsOnly("r");
        assertThat(queue.sent).hasSize(1);
        JsonNode message = JSON.readTree(queue.sent.getFirst().text());
        assertThat(message.propertyNames())
                .containsExactly(
                        "version",
                        "timestamp",
                        "requestContext",
                        "requestPayload",
                        "responseContext",
                        "responsePayload");
        assertThat(message.path("requestContext")).isEqualTo(JSON.readTree("""
                                {"requestId":"r","functionArn":"%s:$LATEST","condition":"RetriesExhausted",
                                "approximateInvokeCount":3}""".formatted(FUNCTION)));
        assertThat(message.path("responseContext"))
                .isEqualTo(JSON.readTree(
                        "{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\"}"));
        assertThat(message.path("requestPayload")).isEqualTo(JSON.readTree("{\"x\":5}"));
        assertThat(message.path("responsePayload")).isEqualTo(JSON.readTree("{\"errorMessage\":\"no\"}"));
        assertThat(queue.counts().dropped).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,2", "2,3"})
    void shouldTryAsOftenAsConfigured(int maxRetries, int attempts) {
        queue.configure(maxRetries, 21_600, null, null);
        queue.function = event -> functionError("{}");
        queue.accept(event("r", "{}"));
        queue.pass(7 * HOUR_MS);
        assertThat(queue.attempts).hasSize(attempts);
        assertThat(queue.queue.size()).isZero();
    }

    @Test
    void shouldBackOffFromOneSecondToFiveMinutesUpToSixHoursWhereThrottled() {
        queue.configure(2, 21_600, null, QUEUE);
        queue.function = event -> throttled();
        queue.accept(event("r", "{}"));
        queue.pass(6 * HOUR_MS - 1);
        List<Long> times = queue.attemptTimesMs();
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(times.get(i) - times.get(i - 1));
        }
        assertThat(gaps.subList(0, 10))
                .containsExactly(
                        1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 256_000L, 300_000L);
        assertThat(gaps.subList(10, gaps.size())).containsOnly(300_000L);
        assertThat(queue.sent).isEmpty();
        queue.pass(1 + PendingChanges.LAZY_MS);
        assertThat(queue.attempts).hasSize(times.size());
        assertThat(queue.sent)
                .extracting(VirtualQueue.Sent::atMs)
                .containsExactly(START_MS + 6 * HOUR_MS + PendingChanges.LAZY_MS);
        assertThat(queue.record().path("requestContext").path("condition").asString())
                .isEqualTo("EventAgeExceeded");
        assertThat(queue.record().has("responseContext")).isFalse();
        assertThat(queue.record()
                        .path("requestContext")
                        .path("approximateInvokeCount")
                        .asInt())
                .isZero();
    }

    @Test
    void shouldRunOnceThrottlingEnds() {
        queue.function = event -> queue.nowMs < START_MS + 10_000 ? throttled() : VirtualQueue.ran("{}");
        queue.accept(event("r", "{}"));
        queue.pass(HOUR_MS);
        assertThat(queue.attemptTimesMs()).containsExactly(0L, 1_000L, 3_000L, 7_000L, 15_000L);
        assertThat(queue.queue.size()).isZero();
    }

    @Test
    void shouldDropAnEventAtItsLargestAgeWithoutCallingABusyFunction() {
        queue.configure(2, 60, null, QUEUE);
        queue.function = event -> throttled();
        queue.accept(event("r", "{}"));
        queue.pass(59_999);
        assertThat(queue.sent).isEmpty();
        queue.pass(1 + PendingChanges.LAZY_MS);
        assertThat(queue.sent).hasSize(1);
        assertThat(queue.record()
                        .path("requestContext")
                        .path("approximateInvokeCount")
                        .asInt())
                .isZero();
    }

    @Test
    void shouldDropWhatWaitsForItsTurnAtItsLargestAge() throws IOException, SQLException {
        queue.close();
        queue = new VirtualQueue(folder.resolve("one.db"), new EventsConfig(1, 10, 1 << 20, 1 << 20, 0, 0), START_MS);
        queue.configure(2, 60, null, QUEUE);
        queue.function = event -> null; // runs on
        queue.accept(event("first", "{}"));
        queue.accept(event("second", "{}"));
        queue.pass(59_999);
        assertThat(queue.sent).isEmpty();
        queue.pass(1 + PendingChanges.LAZY_MS);
        assertThat(queue.attempts).hasSize(1);
        assertThat(queue.sent.getFirst().delivery().requestId()).isEqualTo("second");
    }

    @Test
    void shouldEndAtOnceWhereTheNextAttemptWouldBeTooLate() {
        queue.configure(2, 60, null, QUEUE);
        queue.function = event -> functionError("\"no\"");
        queue.accept(event("r", "{}"));
        queue.pass(0);
        queue.pass(PendingChanges.LAZY_MS);
        assertThat(queue.sent).hasSize(1);
        assertThat(queue.record().path("requestContext").path("condition").asString())
                .isEqualTo("EventAgeExceeded");
        assertThat(queue.record().path("responsePayload").asString()).isEqualTo("no");
    }

    @Test
    void shouldRunSomeEventsTwiceOnPurpose() throws IOException, SQLException {
        queue.close();
        queue = new VirtualQueue(folder.resolve("twice.db"), new EventsConfig(9, 10, 1 << 20, 1 << 20, 1, 0), START_MS);
        queue.configure(2, 21_600, QUEUE, null);
        queue.accept(event("r", "{}"));
        queue.pass(HOUR_MS);
        assertThat(queue.attempts)
                .extracting(attempt -> attempt.event().requestId())
                .containsExactly("r", "r");
        assertThat(queue.record()
                        .path("requestContext")
                        .path("approximateInvokeCount")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void shouldRunAgainWhatAnEarlierProcessHadStartedAndMarkIt() throws IOException, SQLException {
        queue.function = event -> null; // the process ends before the function does
        queue.accept(event("started", "{}"));
        queue.pass(PendingChanges.LAZY_MS);
        queue.close();
        queue = new VirtualQueue(folder.resolve("events.db"), EventsConfig.of(1), START_MS + 5_000);
        queue.configure(2, 21_600, QUEUE, null);
        queue.pass(PendingChanges.LAZY_MS);
        assertThat(queue.attempts)
                .extracting(attempt -> attempt.event().requestId())
                .containsExactly("started");
        assertThat(queue.record()
                        .path("requestContext")
                        .path("approximateInvokeCount")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void shouldKeepRetriesAndDeliveriesOverARestart() throws IOException, SQLException {
        queue.configure(1, 21_600, null, QUEUE);
        queue.function = event -> functionError("{}");
        queue.target = delivery -> new TargetSender.Sent.Failed("nobody answers", false);
        queue.accept(event("r", "{}"));
        queue.pass(30_000);
        queue = reopened(30_000);
        queue.configure(1, 21_600, null, QUEUE);
        queue.function = event -> functionError("{}");
        queue.target = delivery -> new TargetSender.Sent.Failed("nobody answers", false);
        queue.pass(29_999);
        assertThat(queue.attempts).isEmpty();
        queue.pass(1 + PendingChanges.LAZY_MS);
        assertThat(queue.attemptTimesMs()).containsExactly(60_000L);
        assertThat(queue.record()
                        .path("requestContext")
                        .path("approximateInvokeCount")
                        .asInt())
                .isEqualTo(2);
        queue.pass(PendingChanges.LAZY_MS);
        queue = reopened(62_000);
        queue.pass(60_000);
        assertThat(queue.attempts).isEmpty();
        assertThat(queue.record().path("requestContext").path("condition").asString())
                .isEqualTo("RetriesExhausted");
        assertThat(queue.queue.size()).isZero();
    }

    private VirtualQueue reopened(long atMs) throws IOException, SQLException {
        queue.close();
        return new VirtualQueue(folder.resolve("events.db"), EventsConfig.of(1), START_MS + atMs);
    }

    @Test
    void shouldRefuseWhereAsManyEventsWaitAsMay() throws IOException, SQLException {
        queue.close();
        queue = new VirtualQueue(folder.resolve("small.db"), new EventsConfig(1, 3, 1 << 20, 1 << 20, 0, 0), START_MS);
        queue.function = event -> null;
        for (int i = 0; i < 3; i++) {
            queue.accept(event("r" + i, "{}"));
        }
        assertThat(queue.accept(event("more", "{}"))).containsExactly(EventIntake.Acceptance.QUEUE_FULL);
        queue.turn();
        assertThat(queue.accept(event("more", "{}"))).containsExactly(EventIntake.Acceptance.QUEUE_FULL);
        queue.attempts.getFirst().result().accept(VirtualQueue.ran("{}"));
        queue.turn();
        List<EventIntake.Acceptance> receipts = queue.accept(event("more", "{}"));
        queue.turn();
        assertThat(receipts).containsExactly(EventIntake.Acceptance.STORED);
    }

    @Test
    void shouldRefuseEventsThatTheStoreDoesNotTake() throws SQLException {
        queue.store.close();
        List<EventIntake.Acceptance> receipts = queue.accept(event("r", "{}"));
        queue.turn();
        assertThat(receipts).containsExactly(EventIntake.Acceptance.STORE_FAILED);
        assertThat(queue.accept(event("s", "{}"))).containsExactly(EventIntake.Acceptance.STORE_FAILED);
        assertThat(queue.attempts).isEmpty();
        assertThat(queue.faults).anyMatch(line -> line.contains("new ones are refused"));
    }

    @Test
    void shouldRefuseWhatAFullDiskDoesNotTakeAndGoOnOnceThereIsRoom() throws IOException, SQLException {
        String payload = "\"" + "x".repeat(50_000) + "\"";
        queue.store.limitBytes(1 << 20);
        queue.function = event -> null;
        int stored = 0;
        List<EventIntake.Acceptance> receipts = offer("r0", payload);
        while (receipts.equals(List.of(EventIntake.Acceptance.STORED))) {
            stored++;
            receipts = offer("r" + stored, payload);
        }
        assertThat(receipts).containsExactly(EventIntake.Acceptance.STORE_FAILED);
        assertThat(stored).isBetween(10, 20);
        assertThat(queue.attempts).hasSizeLessThanOrEqualTo(stored);
        queue.pass(2 * PendingChanges.BROKEN_RETRY_MS);
        for (int i = 0; i < 3; i++) {
            queue.attempts.get(i).result().accept(VirtualQueue.ran("{}"));
        }
        queue.pass(2 * PendingChanges.BROKEN_RETRY_MS);
        assertThat(offer("late", payload)).as(queue.faults.toString()).containsExactly(EventIntake.Acceptance.STORED);
        queue = reopened(10_000);
        queue.pass(PendingChanges.LAZY_MS);
        assertThat(queue.attempts).hasSize(stored - 3 + 1);
    }

    private List<EventIntake.Acceptance> offer(String requestId, String payload) {
        List<EventIntake.Acceptance> receipts = queue.accept(event(requestId, payload));
        queue.turn();
        return receipts;
    }

    @Test
    void shouldTryAgainWhereAnAttemptCannotBeStarted() {
        queue.function = event -> {
            if (queue.attempts.size() == 1) {
                throw new IllegalStateException("a fault of ours");
            }
            return VirtualQueue.ran("{}");
        };
        queue.accept(event("r", "{}"));
        queue.pass(HOUR_MS);
        assertThat(queue.attemptTimesMs()).containsExactly(0L, 1_000L);
        assertThat(queue.faults).singleElement().asString().contains("a fault of ours");
        assertThat(queue.queue.size()).isZero();
    }
}
