package dev.thaw.scheduler.control;

import dev.thaw.scheduler.events.source.SourceMapping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Event source mappings as clients see them, but for their state. */
final class SourceMappingJson {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MS_PER_SEC = 1000;

    private SourceMappingJson() {}

    static ObjectNode write(SourceMapping mapping) {
        SourceMapping.Delivery delivery = mapping.delivery();
        ObjectNode output = JSON.createObjectNode();
        output.put("UUID", mapping.uuid());
        output.put("FunctionArn", mapping.functionArn());
        output.put("BatchSize", delivery.batchSize());
        if (delivery.windowMs() % MS_PER_SEC == 0) {
            output.put("MaximumBatchingWindowInSeconds", delivery.windowMs() / MS_PER_SEC);
        }
        ArrayNode types = output.putArray("FunctionResponseTypes");
        if (delivery.reportsItems()) {
            types.add("ReportBatchItemFailures");
        }
        if (!delivery.filters().isEmpty()) {
            ArrayNode filters = output.putObject("FilterCriteria").putArray("Filters");
            delivery.filters().forEach(pattern -> filters.addObject().put("Pattern", pattern));
        }
        if (delivery.maxConcurrency() != null) {
            output.putObject("ScalingConfig").put("MaximumConcurrency", delivery.maxConcurrency());
        }
        if (mapping.source().readsQueue()) {
            output.put("EventSourceArn", mapping.source().arn());
        } else {
            writeStream(output, mapping.source(), delivery);
        }
        return output.put("LastModified", mapping.modifiedEpochMs() / (double) MS_PER_SEC);
    }

    private static void writeStream(ObjectNode output, SourceMapping.Source source, SourceMapping.Delivery delivery) {
        ArrayNode servers = output.putObject("SelfManagedEventSource")
                .putObject("Endpoints")
                .putArray("KAFKA_BOOTSTRAP_SERVERS");
        source.bootstrapServers().forEach(servers::add);
        output.putObject("SelfManagedKafkaEventSourceConfig").put("ConsumerGroupId", source.consumerGroup());
        output.putArray("Topics").add(source.topic());
        output.put("StartingPosition", source.startingPosition());
        Long startingEpochMs = source.startingEpochMs();
        if (startingEpochMs != null) {
            output.put("StartingPositionTimestamp", startingEpochMs / (double) MS_PER_SEC);
        }
        output.put("MaximumRetryAttempts", delivery.maxRetries());
        output.put("MaximumRecordAgeInSeconds", delivery.maxAgeSec());
        output.put("BisectBatchOnFunctionError", delivery.bisects());
        ObjectNode onFailure = output.putObject("DestinationConfig").putObject("OnFailure");
        if (delivery.onFailure() != null) {
            onFailure.put("Destination", delivery.onFailure());
        }
    }
}
