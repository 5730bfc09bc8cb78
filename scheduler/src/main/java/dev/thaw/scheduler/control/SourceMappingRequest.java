package dev.thaw.scheduler.control;

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
    /** Of members that only streams have. */
    private static final List<String> OF_STREAMS = List.of(
            "DestinationConfig",
            "ParallelizationFactor",
            "MaximumRecordAgeInSeconds",
            "BisectBatchOnFunctionError",
            "MaximumRetryAttempts",
            "TumblingWindowInSeconds");
    /** Known to the service model, and nothing here goes by them. */
    private static final List<String> NOT_SERVED = List.of(
            "Queues",
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
    SourceMapping.Source source(EventSources sources) {
        String arn = body.string("EventSourceArn");
        boolean kafka = body.has("SelfManagedEventSource");
        if (arn == null && !kafka) {
            throw ServiceFault.invalidParameter("Unrecognized event source.");
        }
        SourceMapping.Source source = kafka ? kafka() : SourceMapping.Source.queue(Objects.requireNonNull(arn));
        String refusal = sources.refusal(source);
        if (refusal != null) {
            throw ServiceFault.invalidParameter(refusal);
        }
        if (body.has("StartingPosition")) {
            throw ServiceFault.invalidParameter("StartingPosition is not valid for SQS event sources.");
        }
        return source;
    }

    private static SourceMapping.Source kafka() {
        return new SourceMapping.Source(null, List.of(), null, null, null, null);
    }

    /** How items are to become events, starting from what there is. */
    SourceMapping.Delivery delivery(SourceMapping.@Nullable Delivery old) {
        refuseMembers();
        int batch = or(body.integer("BatchSize"), old == null ? DEFAULT_QUEUE_BATCH : old.batchSize());
        int windowSec = or(body.integer("MaximumBatchingWindowInSeconds"), old == null ? 0 : old.windowSec());
        if (batch > MAX_BATCH_WITHOUT_WINDOW && windowSec == 0) {
            throw ServiceFault.invalidParameter("Maximum batch window in seconds must be greater than 0"
                    + " if maximum batch size is greater than " + MAX_BATCH_WITHOUT_WINDOW);
        }
        return new SourceMapping.Delivery(
                batch,
                windowSec,
                body.has("FunctionResponseTypes")
                        ? !strings("FunctionResponseTypes").isEmpty()
                        : old != null && old.reportsItems(),
                body.has("FilterCriteria") ? filters() : old == null ? List.of() : old.filters(),
                body.has("ScalingConfig") ? concurrency() : old == null ? null : old.maxConcurrency(),
                -1,
                -1,
                false,
                null);
    }

    private void refuseMembers() {
        for (String member : OF_STREAMS) {
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
