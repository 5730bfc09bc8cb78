package dev.thaw.scheduler.events.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event source mapping: which source, which function, and how items become events.
 *
 * @param uuid of the mapping
 * @param functionArn of a function, version or alias
 * @param source what is read
 * @param delivery how items become events
 * @param modifiedEpochMs of the last change
 */
public record SourceMapping(
        String uuid, String functionArn, boolean enabled, Source source, Delivery delivery, long modifiedEpochMs) {

    /**
     * What is read.
     *
     * @param arn of a queue; null for brokers
     * @param bootstrapServers of Kafka; empty for a queue
     * @param topic of Kafka
     * @param consumerGroup of Kafka
     * @param startingPosition {@code TRIM_HORIZON}, {@code LATEST} or {@code AT_TIMESTAMP}; null for a queue
     */
    public record Source(
            @Nullable String arn,
            List<String> bootstrapServers,
            @Nullable String topic,
            @Nullable String consumerGroup,
            @Nullable String startingPosition,
            @Nullable Long startingEpochMs) {
        public static Source queue(String arn) {
            return new Source(arn, List.of(), null, null, null, null);
        }

        public boolean readsQueue() {
            return arn != null;
        }

        /** For people: the queue's ARN, or the topic and where it is. */
        String name() {
            return arn != null ? arn : topic + " at " + String.join(",", bootstrapServers);
        }
    }

    /**
     * How items become events.
     *
     * @param windowMs how long a batch is collected at most
     * @param reportsItems {@code ReportBatchItemFailures}
     * @param filters patterns, of which an item must match one; empty: every item
     * @param maxConcurrency batches of a queue at the same time, or null
     * @param maxRetries of a stream's batch, -1 for any number
     * @param maxAgeSec of a stream's item, -1 for any age
     * @param bisects a stream's batch that fails is split
     * @param onFailure ARN of where a stream's failure records go, or null
     */
    public record Delivery(
            int batchSize,
            int windowMs,
            boolean reportsItems,
            List<String> filters,
            @Nullable Integer maxConcurrency,
            int maxRetries,
            int maxAgeSec,
            boolean bisects,
            @Nullable String onFailure) {}

    /** The same, switched on or off. */
    public SourceMapping enabled(boolean on, long nowEpochMs) {
        return new SourceMapping(uuid, functionArn, on, source, delivery, nowEpochMs);
    }
}
