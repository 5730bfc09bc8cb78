package dev.thaw.scheduler.events.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A topic of a Kafka cluster; its shards are partitions, a position is the offset that the mapping's consumer group has
 * committed. The mapping reads every partition that the topic has when it starts.
 *
 * <p>Threading: one thread; {@link #wake} on any.
 */
final class KafkaSource implements StreamSource {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BOUND_MS = 10_000;
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);
    private static final String PART_SEPARATOR = "-";

    private final SourceMapping.Source source;
    private final String topic;
    private Map<String, TopicPartition> partitions = Map.of();
    private volatile @Nullable KafkaConsumer<byte[], byte[]> open;

    /** Nothing is asked of the cluster before the first {@link #poll}. */
    KafkaSource(SourceMapping.Source source) {
        this.source = source;
        this.topic = Objects.requireNonNull(source.topic());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = open;
        if (consumer == null) {
            Properties settings = new Properties();
            settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", source.bootstrapServers()));
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, Objects.requireNonNull(source.consumerGroup()));
            settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // where the broker has dropped items
            settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BOUND_MS);
            settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, BOUND_MS);
            settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            open = consumer;
        }
        return consumer;
    }

    @Override
    public Map<String, List<SourceItem>> poll(long waitMs) throws IOException, InterruptedException {
        Map<String, List<SourceItem>> received = new HashMap<>();
        try {
            KafkaConsumer<byte[], byte[]> consumer = consumer();
            if (partitions.isEmpty()) {
                begin(consumer);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(waitMs))) {
                received.computeIfAbsent(shardOf(record.partition()), shard -> new ArrayList<>())
                        .add(item(record));
            }
        } catch (WakeupException woken) {
            return received; // there is something else to do
        } catch (InterruptException ended) {
            throw interrupted();
        } catch (KafkaException e) {
            throw new IOException("Kafka: " + e.getMessage(), e);
        }
        return received;
    }

    /** Finds the partitions, and where to go on in each: a beginning is committed, so that a restart keeps it. */
    private void begin(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> found = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (found.isEmpty()) {
            throw new KafkaException("topic " + topic + " is not there");
        }
        consumer.assign(found);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(found));
        List<TopicPartition> fresh =
                found.stream().filter(each -> committed.get(each) == null).toList();
        if (!fresh.isEmpty()) {
            seek(consumer, fresh);
            consumer.commitSync(fresh.stream()
                    .collect(Collectors.toMap(
                            Function.identity(), each -> new OffsetAndMetadata(consumer.position(each)))));
        }
        partitions = found.stream().collect(Collectors.toMap(each -> shardOf(each.partition()), Function.identity()));
    }

    private void seek(KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> fresh) {
        Long fromEpochMs = source.startingEpochMs();
        if (Objects.equals(source.startingPosition(), "TRIM_HORIZON")) {
            consumer.seekToBeginning(fresh);
        } else {
            consumer.seekToEnd(fresh);
        }
        if (fromEpochMs != null) {
            consumer.offsetsForTimes(fresh.stream().collect(Collectors.toMap(Function.identity(), each -> fromEpochMs)))
                    .forEach((partition, at) -> {
                        if (at != null) {
                            consumer.seek(partition, at.offset());
                        }
                    });
        }
    }

    @Override
    public void pauseOnly(List<String> shards) {
        KafkaConsumer<byte[], byte[]> consumer = open;
        if (consumer != null) {
            consumer.resume(consumer.paused());
            consumer.pause(shards.stream().map(this::partition).toList());
        }
    }

    @Override
    public void settle(String shard, SourceItem last) throws IOException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> position =
                Map.of(partition(shard), new OffsetAndMetadata(Long.parseLong(last.handle()) + 1));
        try {
            consumer().commitSync(position);
        } catch (WakeupException woken) {
            settle(shard, last); // a wake is spent by its exception
        } catch (InterruptException ended) {
            throw interrupted();
        } catch (KafkaException e) {
            throw new IOException("Kafka: " + e.getMessage(), e);
        }
    }

    /** The client has set the thread's mark again, which would keep it from being closed in order. */
    private static InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException();
    }

    private TopicPartition partition(String shard) {
        return Objects.requireNonNull(partitions.get(shard), shard);
    }

    private String shardOf(int partition) {
        return topic + PART_SEPARATOR + partition;
    }

    /** As a function's event has it. */
    private SourceItem item(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode item = JSON.createObjectNode();
        item.put("topic", record.topic());
        item.put("partition", record.partition());
        item.put("offset", record.offset());
        item.put("timestamp", record.timestamp());
        item.put(
                "timestampType",
                record.timestampType().toString().equals("LogAppendTime") ? "LOG_APPEND_TIME" : "CREATE_TIME");
        put(item, "key", record.key());
        put(item, "value", record.value());
        ArrayNode headers = item.putArray("headers");
        record.headers().forEach(header -> {
            ArrayNode bytes = headers.addObject().putArray(header.key());
            for (byte each : Objects.requireNonNullElse(header.value(), new byte[0])) {
                bytes.add(each);
            }
        });
        String offset = Long.toString(record.offset());
        String id = shardOf(record.partition()) + PART_SEPARATOR + offset;
        return new SourceItem(id, offset, record.timestamp(), JSON.writeValueAsBytes(item));
    }

    private static void put(ObjectNode item, String name, byte @Nullable [] bytes) {
        if (bytes != null) {
            item.put(name, Base64.getEncoder().encodeToString(bytes));
        }
    }

    @Override
    public byte[] event(String shard, List<SourceItem> items) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        String servers = JSON.writeValueAsString(String.join(",", source.bootstrapServers()));
        event.writeBytes(("{\"eventSource\":\"SelfManagedKafka\",\"bootstrapServers\":" + servers + ",\"records\":{\""
                        + shard + "\":[")
                .getBytes(StandardCharsets.UTF_8));
        SourceEvent.join(items, event);
        event.writeBytes("]}}".getBytes(StandardCharsets.UTF_8));
        return event.toByteArray();
    }

    @Override
    public void describe(String shard, List<SourceItem> items, ObjectNode record) {
        SourceItem first = items.getFirst();
        SourceItem last = items.getLast();
        ObjectNode info = record.putObject("KafkaBatchInfo");
        info.put("bootstrapServers", String.join(",", source.bootstrapServers()));
        info.put("topicPartition", shard);
        info.put("startOffset", Long.parseLong(first.handle()));
        info.put("endOffset", Long.parseLong(last.handle()));
        info.put("approximateArrivalOfFirstRecord", FailureRecord.TIME.format(Instant.ofEpochMilli(first.epochMs())));
        info.put("approximateArrivalOfLastRecord", FailureRecord.TIME.format(Instant.ofEpochMilli(last.epochMs())));
        info.put("batchSize", items.size());
    }

    @Override
    public void wake() {
        KafkaConsumer<byte[], byte[]> consumer = open;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    @Override
    public void close() {
        KafkaConsumer<byte[], byte[]> consumer = open;
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(CLOSE_BOUND));
        }
    }
}
