package dev.thaw.results;

import dev.thaw.results.pauses.Pauses;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server counted of its functions since it started (contract.md sections 17 and 18, "Metrics"). Served as text by
 * {@code GET /_thaw/metrics} and as JSON by {@code GET /_thaw/metrics.json}; what a run added is in its summary.
 *
 * @param concurrentExecutions invocations accepted and not ended, now
 * @param unreservedConcurrentExecutions of these, those of functions without reserved concurrency
 * @param recursiveInvocationsDropped by function; those of which none was dropped are left out
 * @param pauses when the server's process stood still
 */
public record ServerMetrics(
        int concurrentExecutions,
        int unreservedConcurrentExecutions,
        List<Invocations> invocations,
        List<Version> versions,
        List<Events> events,
        Map<String, Long> recursiveInvocationsDropped,
        Pauses pauses) {
    private static final double[] DURATION_BOUNDS_MS = {
        0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000
    };
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** Counted nothing. */
    public static final ServerMetrics NONE = new ServerMetrics(0, 0, List.of(), List.of(), List.of(), Map.of());

    public ServerMetrics {
        invocations = List.copyOf(invocations);
        versions = List.copyOf(versions);
        events = List.copyOf(events);
        recursiveInvocationsDropped = Map.copyOf(recursiveInvocationsDropped);
    }

    /** Of a server that does not watch its process. */
    public ServerMetrics(
            int concurrentExecutions,
            int unreservedConcurrentExecutions,
            List<Invocations> invocations,
            List<Version> versions,
            List<Events> events,
            Map<String, Long> recursiveInvocationsDropped) {
        this(
                concurrentExecutions,
                unreservedConcurrentExecutions,
                invocations,
                versions,
                events,
                recursiveInvocationsDropped,
                Pauses.NONE);
    }

    /** Upper bounds of the buckets of durations, each inclusive; one more bucket takes what is longer. */
    public static double[] durationBoundsMs() {
        return DURATION_BOUNDS_MS.clone();
    }

    /**
     * Invocations of one executed version, by the alias that they asked for.
     *
     * @param alias null where the version was asked for, or no qualifier was given
     * @param invocations that ran; the throttled are not among them, nor among the errors
     * @param errors of these, those that ended with a function error
     * @param durationMs of all together
     * @param durationCounts by bucket, not summed up
     */
    public record Invocations(
            String function,
            String version,
            @Nullable String alias,
            long invocations,
            long errors,
            long throttles,
            double durationMs,
            List<Long> durationCounts) {
        public Invocations {
            durationCounts = List.copyOf(durationCounts);
        }

        String key() {
            return function + ':' + version + ':' + alias;
        }

        Invocations minus(Invocations earlier) {
            return new Invocations(
                    function,
                    version,
                    alias,
                    invocations - earlier.invocations,
                    errors - earlier.errors,
                    throttles - earlier.throttles,
                    durationMs - earlier.durationMs,
                    difference(durationCounts, earlier.durationCounts));
        }

        boolean isNothing() {
            return invocations == 0 && throttles == 0;
        }
    }

    /**
     * Concurrency of one version, and what its environments did beside invocations.
     *
     * @param concurrentExecutions now
     * @param mostConcurrentExecutions the highest that it was; null in a difference that cannot know it
     * @param provisionedAllocated environments that exist as provisioned concurrency, now
     * @param provisionedMib memory of these together, in MiB; {@link #CHANGED} in a difference during which it did, null of
     *     a server that does not tell
     * @param provisionedConcurrentExecutions of these, those at work
     * @param provisionedInvocations that ran on them
     * @param provisionedSpillovers invocations that others had to run while any were provisioned
     * @param extensionRuns invocations that extensions went on working for after the runtime's answer
     * @param postRuntimeExtensionsMs how long, all together
     */
    public record Version(
            String function,
            String version,
            int concurrentExecutions,
            @Nullable Integer mostConcurrentExecutions,
            int provisionedAllocated,
            @Nullable Integer provisionedMib,
            int provisionedConcurrentExecutions,
            long provisionedInvocations,
            long provisionedSpillovers,
            long extensionRuns,
            double postRuntimeExtensionsMs) {
        /** {@link #provisionedMib} that was not the same all the time. */
        public static final int CHANGED = -1;

        String key() {
            return function + ':' + version;
        }

        Version minus(Version earlier) {
            Integer most = mostConcurrentExecutions;
            Integer before = earlier.mostConcurrentExecutions;
            return new Version(
                    function,
                    version,
                    concurrentExecutions,
                    most != null && before != null && most > before ? most : null,
                    provisionedAllocated,
                    provisionedMibSince(earlier.provisionedMib),
                    provisionedConcurrentExecutions,
                    provisionedInvocations - earlier.provisionedInvocations,
                    provisionedSpillovers - earlier.provisionedSpillovers,
                    extensionRuns - earlier.extensionRuns,
                    postRuntimeExtensionsMs - earlier.postRuntimeExtensionsMs);
        }

        /** The same where nothing was counted before: whatever is provisioned now came meanwhile. */
        Version fromNothing() {
            return new Version(
                    function,
                    version,
                    concurrentExecutions,
                    mostConcurrentExecutions,
                    provisionedAllocated,
                    provisionedMibSince(0),
                    provisionedConcurrentExecutions,
                    provisionedInvocations,
                    provisionedSpillovers,
                    extensionRuns,
                    postRuntimeExtensionsMs);
        }

        private @Nullable Integer provisionedMibSince(@Nullable Integer earlier) {
            if (provisionedMib == null || earlier == null) {
                return null;
            }
            return provisionedMib.equals(earlier) ? provisionedMib : (Integer) CHANGED;
        }

        /** Of what was provisioned, the share at work; 0 where nothing was. */
        public double provisionedUtilization() {
            return provisionedAllocated == 0 ? 0 : provisionedConcurrentExecutions / (double) provisionedAllocated;
        }

        boolean isNothing() {
            return mostConcurrentExecutions == null
                    && concurrentExecutions == 0
                    && provisionedAllocated == 0
                    && (provisionedMib == null || provisionedMib == 0)
                    && provisionedInvocations == 0
                    && extensionRuns == 0;
        }
    }

    /**
     * Asynchronous events of one function.
     *
     * @param qualifier version or alias that they asked for, or null
     * @param received accepted
     * @param attempts started; {@code ageMs} is from acceptance to these, all together
     * @param oldestMs the greatest age at an attempt; in a difference, still since the server's start
     * @param dropped ended without success
     */
    public record Events(
            String function,
            @Nullable String qualifier,
            long received,
            long attempts,
            double ageMs,
            double oldestMs,
            long dropped,
            long deadLetterErrors,
            long destinationDeliveryFailures) {
        String key() {
            return function + ':' + qualifier;
        }

        Events minus(Events earlier) {
            return new Events(
                    function,
                    qualifier,
                    received - earlier.received,
                    attempts - earlier.attempts,
                    ageMs - earlier.ageMs,
                    oldestMs,
                    dropped - earlier.dropped,
                    deadLetterErrors - earlier.deadLetterErrors,
                    destinationDeliveryFailures - earlier.destinationDeliveryFailures);
        }

        boolean isNothing() {
            return received == 0
                    && attempts == 0
                    && dropped == 0
                    && deadLetterErrors == 0
                    && destinationDeliveryFailures == 0;
        }
    }

    /** The same with these events. */
    public ServerMetrics withEvents(List<Events> counted) {
        return new ServerMetrics(
                concurrentExecutions,
                unreservedConcurrentExecutions,
                invocations,
                versions,
                counted,
                recursiveInvocationsDropped,
                pauses);
    }

    /** The same with these pauses. */
    public ServerMetrics withPauses(Pauses seen) {
        return new ServerMetrics(
                concurrentExecutions,
                unreservedConcurrentExecutions,
                invocations,
                versions,
                events,
                recursiveInvocationsDropped,
                seen);
    }

    /** What was counted since {@code earlier}; rows that nothing was counted of are left out. */
    public ServerMetrics since(ServerMetrics earlier) {
        return new ServerMetrics(
                concurrentExecutions,
                unreservedConcurrentExecutions,
                rows(invocations, earlier.invocations, Invocations::key, Invocations::minus, row -> row).stream()
                        .filter(row -> !row.isNothing())
                        .toList(),
                rows(versions, earlier.versions, Version::key, Version::minus, Version::fromNothing).stream()
                        .filter(row -> !row.isNothing())
                        .toList(),
                rows(events, earlier.events, Events::key, Events::minus, row -> row).stream()
                        .filter(row -> !row.isNothing())
                        .toList(),
                droppedSince(earlier.recursiveInvocationsDropped),
                pauses.since(earlier.pauses));
    }

    /** That ran on provisioned concurrency, of all functions. */
    long countProvisionedInvocations() {
        return versions.stream().mapToLong(Version::provisionedInvocations).sum();
    }

    private Map<String, Long> droppedSince(Map<String, Long> earlier) {
        Map<String, Long> more = new TreeMap<>();
        recursiveInvocationsDropped.forEach((function, count) -> {
            long difference = count - earlier.getOrDefault(function, 0L);
            if (difference > 0) {
                more.put(function, difference);
            }
        });
        return more;
    }

    /** One object, keys as the fields here. */
    public String toJson() {
        return JSON.writeValueAsString(this);
    }

    /**
     * Reads {@link #toJson()}; keys that it does not know are skipped. Fails with one line where a field is missing, but
     * for {@code pauses.dropped}, {@code pauses.cpuWaits} and {@code versions[].provisionedMib}, which the first servers did not have.
     */
    public static ServerMetrics fromJson(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            if (!tree.isObject()) {
                throw new IllegalArgumentException("server metrics: no JSON object");
            }
            if (tree.path("pauses") instanceof ObjectNode told) {
                complete(told);
            }
            for (JsonNode version : tree.path("versions")) {
                if (version instanceof ObjectNode told && !told.has("provisionedMib")) {
                    told.putNull("provisionedMib");
                }
            }
            return JSON.treeToValue(tree, ServerMetrics.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("server metrics: " + e.getOriginalMessage(), e);
        }
    }

    private static void complete(ObjectNode pauses) {
        if (!pauses.has("dropped")) {
            pauses.put("dropped", 0);
        }
        if (!pauses.has("cpuWaits")) {
            pauses.putNull("cpuWaits");
        }
    }

    private static <T> List<T> rows(
            List<T> now,
            List<T> before,
            Function<T, String> key,
            BiFunction<T, T, T> minus,
            UnaryOperator<T> fromNothing) {
        var earlier = before.stream().collect(Collectors.toMap(key, row -> row));
        return now.stream()
                .map(row -> {
                    T same = earlier.get(key.apply(row));
                    return same == null ? fromNothing.apply(row) : minus.apply(row, same);
                })
                .toList();
    }

    private static List<Long> difference(List<Long> now, List<Long> before) {
        Long[] counts = new Long[now.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = now.get(i) - (i < before.size() ? before.get(i) : 0);
        }
        return List.of(counts);
    }
}
