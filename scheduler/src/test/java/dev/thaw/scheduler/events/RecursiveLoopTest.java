package dev.thaw.scheduler.events;

import static dev.thaw.scheduler.events.VirtualQueue.FUNCTION;
import static dev.thaw.scheduler.events.VirtualQueue.QUEUE;
import static dev.thaw.scheduler.events.VirtualQueue.TOPIC;
import static dev.thaw.scheduler.events.VirtualQueue.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.functions.Lineage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the queue makes of events whose functions are each other's targets. */
final class RecursiveLoopTest {
    private static final String OTHER = FUNCTION + "2";

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

    /** As the invoker of the server does. */
    private void dropAfterSixteen() {
        queue.function = event -> {
            String name = event.functionArn().substring(event.functionArn().lastIndexOf(':') + 1);
            return Lineage.count(event.traceId(), name) >= 16 ? new AttemptResult.Recursive() : VirtualQueue.ran("{}");
        };
    }

    private long ran(String functionArn) {
        return queue.attempts.stream()
                .filter(attempt -> attempt.event().functionArn().equals(functionArn))
                .count();
    }

    @Test
    void shouldCountAChainOfDestinationsAndTellItsFailureTargets() {
        dropAfterSixteen();
        queue.settings.put(FUNCTION, new EventSettings(2, 21_600, OTHER, TOPIC, QUEUE, false));
        queue.settings.put(OTHER, new EventSettings(2, 21_600, FUNCTION, null, null, false));
        queue.accept(event("r", "{}"));
        queue.pass(60_000);
        assertThat(ran(OTHER)).isEqualTo(16);
        assertThat(ran(FUNCTION)).as("and one that was dropped").isEqualTo(16 + 1);
        assertThat(queue.sent).extracting(sent -> sent.delivery().target()).containsExactly(TOPIC, QUEUE);
        assertThat(queue.sent.getFirst().text()).contains("\"condition\":\"RecursiveInvocation\"");
        assertThat(Lineage.count(queue.sent.getFirst().delivery().traceId(), "f"))
                .isEqualTo(16);
        assertThat(queue.queue.size()).isZero();
    }

    @Test
    void shouldNotTellAFunctionOfTheLoopThatItEnded() {
        dropAfterSixteen();
        queue.settings.put(FUNCTION, new EventSettings(2, 21_600, FUNCTION, OTHER, null, false));
        queue.settings.put(OTHER, new EventSettings(2, 21_600, FUNCTION, null, null, false));
        queue.accept(event("r", "{}"));
        queue.pass(60_000);
        assertThat(ran(FUNCTION)).isEqualTo(16 + 2);
        assertThat(ran(OTHER))
                .as("it was not of the chain, and has been told once")
                .isEqualTo(1);
        assertThat(queue.faults).singleElement().asString().contains("it is a function of the loop that was ended");
        assertThat(queue.queue.size()).isZero();
    }

    @Test
    void shouldNotCountAttemptsOfOneEvent() {
        queue.configure(2, 21_600, null, QUEUE);
        queue.function = event -> VirtualQueue.functionError("{}");
        queue.accept(event("r", "{}"));
        queue.pass(600_000);
        assertThat(queue.attempts)
                .extracting(attempt -> attempt.event().traceId())
                .isEqualTo(List.of("Root=1-2-3", "Root=1-2-3", "Root=1-2-3"));
        assertThat(Lineage.count(queue.sent.getFirst().delivery().traceId(), "f"))
                .isEqualTo(1);
    }
}
