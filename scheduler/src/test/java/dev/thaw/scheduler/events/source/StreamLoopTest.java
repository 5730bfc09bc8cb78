package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.events.AttemptResult;
import dev.thaw.scheduler.events.RecordOutlet;
import dev.thaw.scheduler.events.TargetEndpoints;
import dev.thaw.scheduler.functions.RootFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.CachedEpochClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** On virtual time; failure records go into a real folder. */
final class StreamLoopTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";

    @TempDir
    private Path directory;

    private final CachedEpochClock clock = new CachedEpochClock();
    private final FakeFunction function = new FakeFunction();
    private final List<String> faults = new ArrayList<>();
    private final RecordOutlet outlet = new RecordOutlet(new TargetEndpoints(null, null, null, RootFolder.EVERYWHERE));
    private final FakeStream stream = new FakeStream();

    /** Gives each item once; waiting moves the clock. */
    private final class FakeStream implements StreamSource {
        private final Map<String, List<SourceItem>> coming = new HashMap<>();
        private final Map<String, String> settled = new HashMap<>();
        private List<String> paused = List.of();
        private boolean broken;

        @Override
        public Map<String, List<SourceItem>> poll(long waitMs) throws IOException {
            if (broken) {
                throw new IOException("no broker");
            }
            Map<String, List<SourceItem>> received = new HashMap<>(coming);
            coming.clear();
            if (received.isEmpty()) {
                clock.update(clock.time() + waitMs);
            }
            return received;
        }

        @Override
        public void pauseOnly(List<String> shards) {
            paused = shards;
        }

        @Override
        public void settle(String shard, SourceItem last) {
            settled.put(shard, last.id());
        }

        @Override
        public byte[] event(String shard, List<SourceItem> items) {
            return SourceEvent.records(items);
        }

        @Override
        public void describe(String shard, List<SourceItem> items, ObjectNode record) {
            record.putObject("BatchInfo")
                    .put("shard", shard)
                    .put("first", items.getFirst().id())
                    .put("last", items.getLast().id());
        }

        @Override
        public void wake() {}

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        outlet.close();
    }

    private StreamLoop loop(int batchSize, int maxRetries, boolean bisects, @Nullable String onFailure) {
        SourceMapping mapping = new SourceMapping(
                "uuid",
                ARN,
                true,
                SourceMapping.Source.queue("unused"),
                new SourceMapping.Delivery(batchSize, 500, false, List.of(), null, maxRetries, -1, bisects, onFailure),
                0);
        StreamLoop.Ports ports =
                new StreamLoop.Ports(function, outlet, clock, ms -> clock.update(clock.time() + ms), faults::add);
        return new StreamLoop(mapping, stream, ports);
    }

    private static void turn(StreamLoop loop, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            loop.turn();
        }
    }

    private List<JsonNode> records() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> JSON.readTree(file)).toList();
        }
    }

    @Test
    void shouldGiveEachShardsItemsInOrderAndMoveItsPositionOnOnceTheyAreSettled() throws InterruptedException {
        stream.coming.put("a", Items.items(1, 25));
        stream.coming.put("b", Items.items(101, 102));
        StreamLoop loop = loop(10, -1, false, null);
        turn(loop, 10);
        assertThat(function.sizes()).containsExactlyInAnyOrder(10, 10, 5, 2);
        assertThat(stream.settled).isEqualTo(Map.of("a", "25", "b", "102"));
        assertThat(loop.lastResult()).isEqualTo(QueueLoop.OK);
    }

    @Test
    void shouldStartNothingBehindABatchThatFails() throws InterruptedException {
        stream.coming.put("a", Items.items(1, 4));
        function.answer = event -> FakeFunction.failed();
        StreamLoop loop = loop(2, -1, false, null);
        turn(loop, 20);
        assertThat(function.events)
                .hasSizeGreaterThan(2)
                .allSatisfy(event -> assertThat(event.at("/Records/0/messageId").stringValue())
                        .isEqualTo("1"));
        assertThat(stream.settled).isEmpty();
        assertThat(stream.paused).containsExactly("a");
    }

    @Test
    void shouldPutMetadataOfAnExhaustedBatchIntoItsFailureTargetAndNotItsPayload()
            throws InterruptedException, IOException {
        stream.coming.put("a", Items.items(1, 2));
        function.answer = event -> FakeFunction.failed();
        turn(loop(2, 1, false, "arn:aws:file:::" + directory), 20);
        assertThat(function.events).hasSize(2);
        JsonNode record = records().getFirst();
        assertThat(record.at("/requestContext/condition").stringValue()).isEqualTo("RetryAttemptsExhausted");
        assertThat(record.at("/requestContext/approximateInvokeCount").intValue())
                .isEqualTo(2);
        assertThat(record.at("/requestContext/functionArn").stringValue()).isEqualTo(ARN);
        assertThat(record.at("/responseContext/functionError").stringValue()).isEqualTo("Unhandled");
        assertThat(record.path("version").stringValue()).isEqualTo("1.0");
        assertThat(record.at("/BatchInfo/first").stringValue()).isEqualTo("1");
        assertThat(record.at("/BatchInfo/last").stringValue()).isEqualTo("2");
        assertThat(record.toString()).doesNotContain("number", "body");
        assertThat(stream.settled).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void shouldGiveUpTheBadItemAloneWhereBatchesAreSplit() throws InterruptedException, IOException {
        stream.coming.put("a", Items.items(1, 8));
        function.answer = event ->
                event.toString().contains("\"messageId\":\"6\"") ? FakeFunction.failed() : FakeFunction.ran("null");
        turn(loop(8, 0, true, "arn:aws:file:::" + directory), 20);
        assertThat(records()).hasSize(1);
        assertThat(records().getFirst().at("/BatchInfo/first").stringValue()).isEqualTo("6");
        assertThat(records().getFirst().at("/BatchInfo/last").stringValue()).isEqualTo("6");
        assertThat(stream.settled).isEqualTo(Map.of("a", "8"));
    }

    @Test
    void shouldKeepItsPositionUntilTheFailureTargetHasItsRecord() throws InterruptedException, IOException {
        Path target = directory.resolve("target");
        Files.write(target, "in the way".getBytes(StandardCharsets.UTF_8));
        stream.coming.put("a", Items.items(1, 1));
        function.answer = event -> FakeFunction.failed();
        StreamLoop loop = loop(1, 0, false, "arn:aws:file:::" + target);
        turn(loop, 5);
        assertThat(stream.settled).isEmpty();
        assertThat(faults).isNotEmpty();
        Files.delete(target);
        turn(loop, 10);
        assertThat(stream.settled).isEqualTo(Map.of("a", "1"));
        assertThat(target).isDirectoryContaining("glob:**.json");
    }

    @Test
    void shouldRetryTenTimesAtMostWhereAFailureTargetIsSet() throws InterruptedException {
        stream.coming.put("a", Items.items(1, 1));
        function.answer = event -> FakeFunction.failed();
        turn(loop(1, -1, false, "arn:aws:file:::" + directory), 1_000);
        assertThat(function.events).hasSize(11);
    }

    @Test
    void shouldWaitWhereItsFunctionIsThrottled() throws InterruptedException {
        stream.coming.put("a", Items.items(1, 1));
        List<AttemptResult> answers =
                new ArrayList<>(List.of(new AttemptResult.Refused(429, "Rate Exceeded."), FakeFunction.ran("null")));
        function.answer = event -> answers.removeFirst();
        StreamLoop loop = loop(1, 0, false, null);
        turn(loop, 10);
        assertThat(function.events).hasSize(2);
        assertThat(stream.settled).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void shouldTellOnceOfAClusterThatCannotBeReached() throws InterruptedException {
        stream.broken = true;
        StreamLoop loop = loop(1, 0, false, null);
        turn(loop, 3);
        assertThat(faults).containsExactly("event source mapping uuid: no broker");
        assertThat(loop.lastResult()).isEqualTo("PROBLEM: no broker");
    }
}
