package dev.thaw.scheduler.control;

import dev.thaw.scheduler.events.RecordOutlet;
import dev.thaw.scheduler.events.source.EventSources;
import dev.thaw.scheduler.events.source.SourceMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of an event source mapping: reads its members, holds them to the service model, and joins them to
 * what is there.
 */
final class SourceMappingRequest {
    private static final Pattern ARN = Pattern.compile(
            "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)");
    private static final List<String> POSITIONS = List.of("LATEST", "AT_TIMESTAMP", "TRIM_HORIZON");
    private static final List<String> RESPONSE_TYPES = List.of("ReportBatchItemFailures");
    /** Members that a queue does not have. */
    private static final List<String> OF_STREAMS = List.of(
            "DestinationConfig",
            "ParallelizationFactor",
            "MaximumRecordAgeInSeconds",
            "BisectBatchOnFunctionError",
            "MaximumRetryAttempts",
            "TumblingWindowInSeconds",
            "Topics");
    /** Members that Kafka does not have. */
    private static final List<String> OF_QUEUES =
            List.of("ScalingConfig", "ParallelizationFactor", "TumblingWindowInSeconds");
    /** Known to the service model, and nothing here goes by them. */
    private static final List<String> NOT_SERVED = List.of(
            "Queues",
            "SourceAccessConfigurations",
            "AmazonManagedKafkaEventSourceConfig",
            "DocumentDBEventSourceConfig",
            "KMSKeyArn",
            "MetricsConfig",
            "LoggingConfig",
            "ProvisionedPollerConfig",
            "Tags");

    private static final int MAX_BATCH = 10_000;
    private static final int MAX_WINDOW_SEC = 300;
    private static final int MIN_CONCURRENCY = 2;
    private static final int MAX_CONCURRENCY = 1_000;
    private static final int MAX_FILTERS = 10;
    private static final int MAX_PATTERN_LENGTH = 4_096;
    private static final int DEFAULT_QUEUE_BATCH = 10;
    private static final int DEFAULT_STREAM_BATCH = 100;
    private static final int DEFAULT_STREAM_WINDOW_MS = 500;
    private static final int MAX_RETRIES = 10_000;
    private static final int MIN_AGE_SEC = 60;
    private static final int MAX_AGE_SEC = 604_800;
    private static final int MAX_BATCH_WITHOUT_WINDOW = 10;

    private final Body body;
    private final Checks checks = new Checks();

    SourceMappingRequest(OperationInput input) {
        body = new Body(input.body());
        String arn = body.string("EventSourceArn");
        checks.pattern(arn, "eventSourceArn", ARN);
        checks.oneOf(body.string("StartingPosition"), "startingPosition", POSITIONS);
        checks.range(body.integer("BatchSize"), "batchSize", 1, MAX_BATCH);
        checks.range(
                body.integer("MaximumBatchingWindowInSeconds"), "maximumBatchingWindowInSeconds", 0, MAX_WINDOW_SEC);
        Body scaling = body.structure("ScalingConfig");
        if (scaling != null) {
            Integer most = scaling.integer("MaximumConcurrency");
            checks.range(most, "scalingConfig.maximumConcurrency", MIN_CONCURRENCY, MAX_CONCURRENCY);
        }
        checks.range(body.integer("MaximumRetryAttempts"), "maximumRetryAttempts", -1, MAX_RETRIES);
        Integer ageSec = body.integer("MaximumRecordAgeInSeconds");
        if (ageSec != null && ageSec != -1) {
            checks.range(ageSec, "maximumRecordAgeInSeconds", MIN_AGE_SEC, MAX_AGE_SEC);
        }
        checks.eachOf(strings("FunctionResponseTypes"), "functionResponseTypes", RESPONSE_TYPES);
    }

    /** The function it names, null where it names none; refuses what breaks the service model. */
    @Nullable
    FunctionTarget function(boolean required) {
        String name = body.string("FunctionName");
        if (name == null && !required) {
            checks.refuse();
            return null;
        }
        return FunctionTarget.named(name, checks);
    }

    boolean enabled(boolean otherwise) {
        return body.has("Enabled") ? body.flag("Enabled") : otherwise;
    }

    /** What is to be read; refuses what the service would, and what is not served here. */
    SourceMapping.Source source(EventSources sources, String uuid) {
        String arn = body.string("EventSourceArn");
        Body cluster = body.structure("SelfManagedEventSource");
        if (arn == null && cluster == null) {
            throw ServiceFault.invalidParameter("Unrecognized event source.");
        }
        SourceMapping.Source source =
                cluster == null ? SourceMapping.Source.queue(Objects.requireNonNull(arn)) : kafka(cluster, uuid);
        String refusal = sources.refusal(source);
        if (refusal != null) {
            throw ServiceFault.invalidParameter(refusal);
        }
        if (source.readsQueue() && body.has("StartingPosition")) {
            throw ServiceFault.invalidParameter("StartingPosition is not valid for SQS event sources.");
        }
        return source;
    }

    private SourceMapping.Source kafka(Body cluster, String uuid) {
        Body endpoints = cluster.structure("Endpoints");
        List<String> servers = endpoints == null ? null : endpoints.strings("KAFKA_BOOTSTRAP_SERVERS");
        List<String> topics = strings("Topics");
        if (servers == null || servers.isEmpty()) {
            throw ServiceFault.invalidParameter("SelfManagedEventSource: KAFKA_BOOTSTRAP_SERVERS must not be empty.");
        }
        if (topics.size() != 1) {
            throw ServiceFault.invalidParameter("Topics: " + topics.size() + ", must be one.");
        }
        String position = body.string("StartingPosition");
        if (position == null) {
            throw ServiceFault.invalidParameter("1 validation error detected: Value null at 'startingPosition'"
                    + " failed to satisfy constraint: Member must not be null.");
        }
        Double startingSec = body.number("StartingPositionTimestamp");
        if (position.equals("AT_TIMESTAMP") != (startingSec != null)) {
            throw ServiceFault.invalidParameter(
                    "StartingPositionTimestamp is needed with StartingPosition AT_TIMESTAMP, and with no other.");
        }
        Body group = body.structure("SelfManagedKafkaEventSourceConfig");
        String groupId = group == null ? null : group.string("ConsumerGroupId");
        return new SourceMapping.Source(
                null,
                servers,
                topics.getFirst(),
                groupId == null ? uuid : groupId,
                position,
                startingSec == null ? null : (long) (startingSec * 1000));
    }

    /** How items are to become events, starting from what there is. */
    SourceMapping.Delivery delivery(SourceMapping.Source source, SourceMapping.@Nullable Delivery old) {
        SourceMapping.Delivery from = old == null ? defaults(source) : old;
        refuseMembers(source);
        int batch = or(body.integer("BatchSize"), from.batchSize());
        Integer windowSec = body.integer("MaximumBatchingWindowInSeconds");
        int windowMs = windowSec == null ? from.windowMs() : windowSec * 1000;
        if (source.readsQueue() && batch > MAX_BATCH_WITHOUT_WINDOW && windowMs == 0) {
            throw ServiceFault.invalidParameter("Maximum batch window in seconds must be greater than 0"
                    + " if maximum batch size is greater than " + MAX_BATCH_WITHOUT_WINDOW);
        }
        return new SourceMapping.Delivery(
                batch,
                windowMs,
                body.has("FunctionResponseTypes")
                        ? !strings("FunctionResponseTypes").isEmpty()
                        : from.reportsItems(),
                body.has("FilterCriteria") ? filters() : from.filters(),
                body.has("ScalingConfig") ? concurrency() : from.maxConcurrency(),
                or(body.integer("MaximumRetryAttempts"), from.maxRetries()),
                or(body.integer("MaximumRecordAgeInSeconds"), from.maxAgeSec()),
                body.has("BisectBatchOnFunctionError") ? body.flag("BisectBatchOnFunctionError") : from.bisects(),
                body.has("DestinationConfig") ? onFailure() : from.onFailure());
    }

    private static SourceMapping.Delivery defaults(SourceMapping.Source source) {
        return source.readsQueue()
                ? new SourceMapping.Delivery(DEFAULT_QUEUE_BATCH, 0, false, List.of(), null, -1, -1, false, null)
                : new SourceMapping.Delivery(
                        DEFAULT_STREAM_BATCH, DEFAULT_STREAM_WINDOW_MS, false, List.of(), null, -1, -1, false, null);
    }

    private @Nullable String onFailure() {
        Body config = body.structure("DestinationConfig");
        Body onFailure = config == null ? null : config.structure("OnFailure");
        String arn = onFailure == null ? null : onFailure.string("Destination");
        String problem = arn == null || arn.isEmpty() ? null : RecordOutlet.problem(arn);
        if (problem != null) {
            throw ServiceFault.invalidParameter("DestinationConfig: " + arn + ": " + problem);
        }
        return arn == null || arn.isEmpty() ? null : arn;
    }

    private void refuseMembers(SourceMapping.Source source) {
        for (String member : source.readsQueue() ? OF_STREAMS : OF_QUEUES) {
            if (body.has(member)) {
                throw ServiceFault.invalidParameter(
                        "Unsupported " + member + " parameter for given event source mapping type.");
            }
        }
        for (String member : NOT_SERVED) {
            if (body.has(member)) {
                throw ServiceFault.invalidParameter(member + " is not served here.");
            }
        }
    }

    private @Nullable Integer concurrency() {
        Body scaling = body.structure("ScalingConfig");
        return scaling == null ? null : scaling.integer("MaximumConcurrency");
    }

    private List<String> filters() {
        Body criteria = body.structure("FilterCriteria");
        List<Body> filters = criteria == null ? null : criteria.structures("Filters");
        if (filters == null) {
            return List.of();
        }
        if (filters.size() > MAX_FILTERS) {
            throw ServiceFault.invalidParameter(
                    "FilterCriteria: " + filters.size() + " filters, most are " + MAX_FILTERS);
        }
        List<String> patterns = new ArrayList<>();
        for (Body filter : filters) {
            String pattern = Objects.requireNonNullElse(filter.string("Pattern"), "");
            String problem = pattern.length() > MAX_PATTERN_LENGTH
                    ? "must have length less than or equal to " + MAX_PATTERN_LENGTH
                    : EventSources.patternProblem(pattern);
            if (problem != null) {
                throw ServiceFault.invalidParameter("Invalid filter pattern definition: " + problem);
            }
            patterns.add(pattern);
        }
        return patterns;
    }

    private List<String> strings(String name) {
        return Objects.requireNonNullElse(body.strings(name), List.of());
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
