package dev.thaw.scheduler.events;

import static dev.thaw.scheduler.events.VirtualQueue.FUNCTION;
import static dev.thaw.scheduler.events.VirtualQueue.HOUR_MS;
import static dev.thaw.scheduler.events.VirtualQueue.JSON;
import static dev.thaw.scheduler.events.VirtualQueue.QUEUE;
import static dev.thaw.scheduler.events.VirtualQueue.TOPIC;
import static dev.thaw.scheduler.events.VirtualQueue.event;
import static dev.thaw.scheduler.events.VirtualQueue.functionError;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What targets hear of events that have ended. */
final class EventDestinationsTest {
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
    void shouldSendEventsOfASwitchedOffFunctionStraightToTheFailureTargets() {
        queue.settings.put(FUNCTION, new EventSettings(2, 21_600, null, TOPIC, QUEUE, true));
        queue.accept(event("r", "{\"only\":\"this\"}"));
        queue.pass(PendingChanges.LAZY_MS);
        assertThat(queue.attempts).isEmpty();
        assertThat(queue.sent).hasSize(2);
        JsonNode context = queue.record().path("requestContext");
        assertThat(context.path("condition").asString()).isEqualTo("ZeroReservedConcurrency");
        assertThat(context.path("approximateInvokeCount").asInt()).isZero();
        assertThat(queue.sent.getLast().delivery().kind()).isEqualTo(Delivery.Kind.DEAD_LETTER);
        assertThat(queue.sent.getLast().text()).isEqualTo("{\"only\":\"this\"}");
    }

    @Test
    void shouldSendTheEventAloneToTheDeadLetterTarget() {
        queue.settings.put(FUNCTION, new EventSettings(0, 21_600, null, null, QUEUE, false));
        queue.function = event -> functionError("{\"errorMessage\":\"no\"}");
        queue.accept(event("r", "{\"only\": \"this\"}"));
        queue.pass(PendingChanges.LAZY_MS);
        Delivery deadLetter = queue.sent.getFirst().delivery();
        assertThat(queue.sent.getFirst().text()).isEqualTo("{\"only\": \"this\"}");
        assertThat(deadLetter.errorCode()).isEqualTo(200);
        assertThat(deadLetter.errorMessage()).isEqualTo("{\"errorMessage\":\"no\"}");
    }

    @Test
    void shouldTellTheSuccessDestination() {
        queue.configure(2, 21_600, TOPIC, QUEUE);
        queue.function = event -> VirtualQueue.ran("not json");
        queue.accept(event("r", "{}"));
        queue.pass(PendingChanges.LAZY_MS);
        assertThat(queue.sent).extracting(sent -> sent.delivery().target()).containsExactly(TOPIC);
        assertThat(queue.record().path("requestContext").path("condition").asString())
                .isEqualTo("Success");
        assertThat(queue.record().path("responseContext").has("functionError")).isFalse();
        assertThat(queue.record().path("responsePayload").asString()).isEqualTo("not json");
    }

    @Test
    void shouldMakeTheRecordAnEventOfAFunctionThatIsTheTarget() {
        queue.configure(2, 21_600, FUNCTION + "2:live", null);
        queue.accept(event("r", "{}"));
        queue.pass(PendingChanges.LAZY_MS);
        assertThat(queue.attempts).hasSize(2);
        FunctionEvent second = queue.attempts.getLast().event();
        assertThat(second.functionArn()).isEqualTo(FUNCTION + "2:live");
        assertThat(second.requestId()).isNotEqualTo("r");
        assertThat(JSON.readTree(second.payload())
                        .path("requestContext")
                        .path("requestId")
                        .asString())
                .isEqualTo("r");
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:sqs:us-east-1:000000000000:q.fifo",
        "arn:aws:sns:us-east-1:000000000000:t.fifo",
        "arn:aws:s3:::bucket",
        "arn:aws:lambda:us-east-1:000000000000:function:nobody",
        "arn:aws:file:::relative",
        "somewhere"
    })
    void shouldCountWhatCanNeverBeDelivered(String target) {
        queue.configure(0, 21_600, null, target);
        queue.function = event -> functionError("{}");
        queue.accept(event("r", "{}"));
        queue.pass(HOUR_MS);
        assertThat(queue.sent).isEmpty();
        assertThat(queue.counts().destinationDeliveryFailures).hasValue(1);
        assertThat(queue.faults).singleElement().asString().contains("r").contains(target);
        assertThat(queue.queue.size()).isZero();
    }

    @Test
    void shouldTryADeliveryForAnHourAndThenCountIt() {
        queue.settings.put(FUNCTION, new EventSettings(0, 21_600, null, null, QUEUE, false));
        queue.function = event -> functionError("{}");
        queue.target = delivery -> new TargetSender.Sent.Failed("nobody answers", false);
        queue.accept(event("r", "{}"));
        queue.pass(HOUR_MS / 2);
        assertThat(queue.counts().deadLetterErrors).hasValue(0);
        assertThat(queue.sent.get(1).atMs() - queue.sent.get(0).atMs()).isEqualTo(1_000);
        queue.pass(HOUR_MS);
        assertThat(queue.counts().deadLetterErrors).hasValue(1);
        assertThat(queue.queue.size()).isZero();
    }
}
