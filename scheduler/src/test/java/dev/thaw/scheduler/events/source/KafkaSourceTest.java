package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.events.RecordOutlet;
import dev.thaw.scheduler.events.TargetEndpoints;
import dev.thaw.scheduler.functions.RootFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a real broker, started from its own artifacts. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaSourceTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private static final int MOST_TURNS = 100;

    @TempDir
    private static Path directory;

    private KafkaBroker broker;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        broker = KafkaBroker.start(Files.createDirectories(directory.resolve("broker")));
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    private SourceMapping.Source source(String topic, String position) {
        return new SourceMapping.Source(null, List.of(broker.address()), topic, "group-" + topic, position, null);
    }

    private void run(
            SourceMapping.Source source, int maxRetries, @Nullable String onFailure, FakeFunction function, int events)
            throws InterruptedException {
        SourceMapping mapping = new SourceMapping(
                "uuid",
                ARN,
                true,
                source,
                new SourceMapping.Delivery(10, 500, false, List.of(), null, maxRetries, -1, false, onFailure),
                0);
        List<String> faults = new ArrayList<>();
        try (RecordOutlet outlet = new RecordOutlet(new TargetEndpoints(null, null, null, RootFolder.EVERYWHERE))) {
            StreamLoop loop = new StreamLoop(
                    mapping,
                    new KafkaSource(source),
                    new StreamLoop.Ports(function, outlet, SystemEpochClock.INSTANCE, Thread::sleep, faults::add));
            for (int i = 0; i < MOST_TURNS && function.events.size() < events; i++) {
                loop.turn();
            }
            loop.turn(); // settles the last
            loop.end();
        }
        assertThat(faults).isEmpty();
    }

    private static List<String> values(JsonNode event, String shard) {
        List<String> values = new ArrayList<>();
        for (JsonNode record : event.path("records").path(shard)) {
            byte[] value = Base64.getDecoder().decode(record.path("value").stringValue());
            values.add(new String(value, StandardCharsets.UTF_8));
        }
        return values;
    }

    @Test
    void shouldInvokeWithEachPartitionsRecordsInOrderAndGoOnBehindThemAfterARestart() throws InterruptedException {
        broker.createTopic("orders", 2);
        for (int i = 0; i < 3; i++) {
            broker.send("orders", 0, "k", "a" + i);
        }
        broker.send("orders", 1, "k", "b0");
        SourceMapping.Source source = source("orders", "TRIM_HORIZON");
        FakeFunction function = new FakeFunction();
        run(source, -1, null, function, 2);
        List<String> seen = new ArrayList<>();
        function.events.forEach(event -> seen.addAll(values(event, "orders-0")));
        assertThat(seen).containsExactly("a0", "a1", "a2");
        JsonNode event = function.events.getFirst();
        assertThat(event.path("eventSource").stringValue()).isEqualTo("SelfManagedKafka");
        assertThat(event.path("bootstrapServers").stringValue()).isEqualTo(broker.address());
        JsonNode record = event.path("records").iterator().next().path(0);
        assertThat(record.path("topic").stringValue()).isEqualTo("orders");
        assertThat(record.path("key").stringValue()).isEqualTo("aw==");
        assertThat(record.path("timestampType").stringValue()).isEqualTo("CREATE_TIME");

        broker.send("orders", 0, "k", "a3");
        FakeFunction next = new FakeFunction();
        run(source, -1, null, next, 1);
        assertThat(next.events).hasSize(1);
        assertThat(values(next.events.getFirst(), "orders-0")).containsExactly("a3");
    }

    @Test
    void shouldTellTheFailureTargetWhichRecordsWereGivenUp() throws InterruptedException, IOException {
        broker.createTopic("bad", 1);
        broker.send("bad", 0, "k", "secret one");
        broker.send("bad", 0, "k", "secret two");
        FakeFunction function = new FakeFunction();
        function.answer = event -> FakeFunction.failed();
        Path target = directory.resolve("failed");
        run(source("bad", "TRIM_HORIZON"), 0, "arn:aws:file:::" + target, function, 1);
        List<Path> files;
        try (var listing = Files.list(target)) {
            files = listing.toList();
        }
        JsonNode record = JSON.readTree(files.getFirst());
        JsonNode info = record.path("KafkaBatchInfo");
        assertThat(info.path("topicPartition").stringValue()).isEqualTo("bad-0");
        assertThat(info.path("startOffset").intValue()).isZero();
        assertThat(record.toString())
                .doesNotContain(Base64.getEncoder().encodeToString("secret one".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldEndAWaitThatIsInterrupted() throws InterruptedException {
        broker.createTopic("quiet", 1);
        KafkaSource source = new KafkaSource(source("quiet", "LATEST"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> source.poll(60_000)).isInstanceOf(InterruptedException.class);
        source.close();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void shouldSayThatThereIsNoSuchTopic() {
        KafkaSource source = new KafkaSource(source("nowhere", "LATEST"));
        assertThatThrownBy(() -> source.poll(0)).isInstanceOf(IOException.class).hasMessageContaining("nowhere");
        source.close();
    }
}
