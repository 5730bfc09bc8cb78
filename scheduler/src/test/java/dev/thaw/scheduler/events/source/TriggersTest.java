package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.FunctionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.CachedEpochClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** On virtual time, with real files. */
final class TriggersTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";

    @TempDir
    private Path directory;

    private final CachedEpochClock clock = new CachedEpochClock();
    private final List<FunctionEvent> events = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Triggers> open = new ArrayList<>();
    private boolean permitted = true;
    private EventIntake.Acceptance acceptance = EventIntake.Acceptance.STORED;

    private Triggers triggers() {
        EventIntake intake = (event, receipt) -> {
            events.add(event);
            receipt.onReceipt(acceptance);
        };
        Triggers triggers = new Triggers(
                directory.resolve("buckets.db"),
                new Triggers.Ports(intake, clock, (_, _, _) -> permitted, faults::add));
        open.add(triggers);
        return triggers;
    }

    @AfterEach
    void close() {
        open.forEach(Triggers::close);
    }

    private static void schedule(Triggers triggers, String expression) {
        triggers.add(
                new Triggers.Schedule(ScheduleKind.RULE, "tea", ScheduleExpression.parse(expression), FUNCTION, null));
    }

    private long turn(Triggers triggers, long nowMs) {
        clock.update(nowMs);
        return triggers.turn(nowMs);
    }

    private Path bucket() throws IOException {
        return Files.createDirectories(directory.resolve("pictures"));
    }

    /** Two listings: a file must have stayed as it is. */
    private void scan(Triggers triggers) {
        turn(triggers, clock.time() + 500);
        turn(triggers, clock.time() + 500);
        turn(triggers, clock.time() + 500);
    }

    private List<String> keys() {
        return events.stream()
                .map(event -> JSON.readTree(event.payload())
                        .at("/Records/0/s3/object/key")
                        .stringValue())
                .toList();
    }

    @Test
    void shouldFireWhenItsScheduleIsDue() {
        clock.update(30_000);
        Triggers triggers = triggers();
        schedule(triggers, "rate(1 minute)");
        assertThat(turn(triggers, 89_999)).isEqualTo(90_000);
        assertThat(events).isEmpty();
        assertThat(turn(triggers, 90_020)).isEqualTo(150_000);
        JsonNode event = JSON.readTree(events.getFirst().payload());
        assertThat(event.path("detail-type").stringValue()).isEqualTo("Scheduled Event");
        assertThat(event.path("time").stringValue()).isEqualTo("1970-01-01T00:01:30Z");
        assertThat(event.at("/resources/0").stringValue()).isEqualTo("arn:aws:events:us-east-1:000000000000:rule/tea");
        assertThat(events.getFirst().functionArn()).isEqualTo(FUNCTION);
        assertThat(events.getFirst().requestId()).isEqualTo(event.path("id").stringValue());
    }

    @Test
    void shouldFireOnceWhereItComesLate() {
        Triggers triggers = triggers();
        schedule(triggers, "cron(* * * * ? *)");
        assertThat(turn(triggers, 600_500)).isEqualTo(660_000);
        assertThat(events).hasSize(1);
    }

    @Test
    void shouldSendTheInputThatItIsGiven() {
        Triggers triggers = triggers();
        triggers.add(new Triggers.Schedule(
                ScheduleKind.RULE, "n", ScheduleExpression.parse("rate(1 minute)"), FUNCTION, "{\"x\":5}"));
        turn(triggers, 60_000);
        assertThat(new String(events.getFirst().payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"x\":5}");
    }

    @Test
    void shouldSayWhereAScheduleCannotInvoke() {
        acceptance = EventIntake.Acceptance.QUEUE_FULL;
        Triggers triggers = triggers();
        schedule(triggers, "rate(1 minute)");
        turn(triggers, 60_000);
        assertThat(faults).containsExactly("schedule tea: not invoked: QUEUE_FULL");
    }

    @Test
    void shouldTellOfEachFileThatIsPutOnce() throws IOException {
        Path bucket = bucket();
        Files.writeString(bucket.resolve("before.txt"), "was there");
        Triggers triggers = triggers();
        triggers.addBucket(bucket, FUNCTION, KeyFilter.ALL);
        Files.createDirectories(bucket.resolve("2024"));
        Files.writeString(bucket.resolve("2024/a b&c.txt"), "hello");
        Files.writeString(bucket.resolve(".part"), "hidden");
        scan(triggers);
        scan(triggers);
        assertThat(keys()).containsExactly("2024/a+b%26c.txt");
        JsonNode record = JSON.readTree(events.getFirst().payload()).at("/Records/0");
        assertThat(record.path("eventName").stringValue()).isEqualTo("ObjectCreated:Put");
        assertThat(record.at("/s3/bucket/name").stringValue()).isEqualTo("pictures");
        assertThat(record.at("/s3/object/size").intValue()).isEqualTo(5);
        assertThat(record.at("/s3/object/eTag").stringValue()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
    }

    @Test
    void shouldTellOfAFileThatIsPutAgain() throws IOException {
        Path bucket = bucket();
        Triggers triggers = triggers();
        triggers.addBucket(bucket, FUNCTION, KeyFilter.ALL);
        Files.writeString(bucket.resolve("a"), "one");
        scan(triggers);
        Files.writeString(bucket.resolve("a"), "longer");
        scan(triggers);
        Files.delete(bucket.resolve("a"));
        scan(triggers);
        Files.writeString(bucket.resolve("a"), "longer");
        scan(triggers);
        assertThat(keys()).containsExactly("a", "a", "a");
    }

    @Test
    void shouldTellAfterARestartOfWhatWasPutMeanwhile() throws IOException {
        Path bucket = bucket();
        Triggers first = triggers();
        first.addBucket(bucket, FUNCTION, KeyFilter.ALL);
        Files.writeString(bucket.resolve("a"), "told");
        scan(first);
        first.close();
        open.clear();
        Files.writeString(bucket.resolve("b"), "put while nobody looked");
        Triggers second = triggers();
        second.addBucket(bucket, FUNCTION, KeyFilter.ALL);
        scan(second);
        assertThat(keys()).containsExactly("a", "b");
    }

    @Test
    void shouldTellAgainOfAFileWhoseEventWasNotAccepted() throws IOException {
        Path bucket = bucket();
        Triggers triggers = triggers();
        triggers.addBucket(bucket, FUNCTION, KeyFilter.ALL);
        acceptance = EventIntake.Acceptance.STORE_FAILED;
        Files.writeString(bucket.resolve("a"), "x");
        scan(triggers);
        int refused = events.size();
        assertThat(refused).isPositive();
        acceptance = EventIntake.Acceptance.STORED;
        scan(triggers);
        assertThat(events).hasSize(refused + 1);
    }

    @Test
    void shouldSayOnceThatAFolderHasGoneAndGoOn() throws IOException {
        Path bucket = bucket();
        Triggers triggers = triggers();
        triggers.addBucket(bucket, FUNCTION, KeyFilter.ALL);
        Files.delete(bucket);
        scan(triggers);
        assertThat(faults).hasSize(1).first().asString().startsWith("bucket " + bucket + ": NoSuchFileException");
        bucket();
        Files.writeString(bucket.resolve("a"), "x");
        scan(triggers);
        assertThat(keys()).containsExactly("a");
    }

    @Test
    void shouldRefuseAFolderThatIsNotThere() {
        assertThatThrownBy(() -> triggers().addBucket(directory.resolve("nowhere"), FUNCTION, KeyFilter.ALL))
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldTellOfKeysThatTheFilterNames() throws IOException {
        Path bucket = bucket();
        Triggers triggers = triggers();
        triggers.addBucket(bucket, FUNCTION, new KeyFilter("in/", ".png"));
        triggers.addBucket(bucket, FUNCTION, new KeyFilter("out/", ""));
        for (String key : List.of("in/a.png", "in/a.gif", "a.png", "out/b")) {
            Files.createDirectories(bucket.resolve(key).getParent());
            Files.writeString(bucket.resolve(key), "x");
        }
        scan(triggers);
        assertThat(keys()).containsExactlyInAnyOrder("in/a.png", "out/b");
    }

    @Test
    void shouldInvokeOnlyWhatPoliciesLetItsServiceInvoke() throws IOException {
        Path bucket = bucket();
        Triggers triggers = triggers();
        triggers.addBucket(bucket, FUNCTION, KeyFilter.ALL);
        schedule(triggers, "rate(1 hour)");
        permitted = false;
        Files.writeString(bucket.resolve("early"), "x");
        scan(triggers);
        turn(triggers, 3_600_000);
        assertThat(events).isEmpty();
        assertThat(faults)
                .containsExactlyInAnyOrder(
                        "bucket " + bucket + ": early is not told of: no policy lets s3.amazonaws.com invoke "
                                + FUNCTION,
                        "schedule tea: not invoked: no policy lets events.amazonaws.com invoke " + FUNCTION);
        permitted = true;
        Files.writeString(bucket.resolve("late"), "x");
        scan(triggers);
        assertThat(keys()).containsExactly("late");
    }

    @Test
    void shouldSendTheSchedulersOwnEvent() {
        Triggers triggers = triggers();
        triggers.add(new Triggers.Schedule(
                ScheduleKind.SCHEDULER, "tea", ScheduleExpression.parse("rate(1 hour)"), FUNCTION, null));
        turn(triggers, 3_600_000);
        JsonNode event = JSON.readTree(events.getFirst().payload());
        assertThat(event.path("source").stringValue()).isEqualTo("aws.scheduler");
        assertThat(event.path("detail").stringValue()).isEqualTo("{}");
        assertThat(event.at("/resources/0").stringValue())
                .isEqualTo("arn:aws:scheduler:us-east-1:000000000000:schedule/default/tea");
    }
}
