package dev.thaw.scheduler.frontend;

import dev.thaw.results.ServerMetrics;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Words metrics as Prometheus reads them; docs/metrics.md maps the names to the documented ones. */
final class MetricsText {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final double MS_PER_S = 1e3;
    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

    private final MetricSnapshots.Builder all = MetricSnapshots.builder();

    private MetricsText() {}

    static String of(ServerMetrics metrics) {
        MetricsText text = new MetricsText();
        text.invocations(metrics.invocations());
        text.concurrency(metrics);
        text.events(metrics.events());
        text.loops(List.copyOf(metrics.recursiveInvocationsDropped().entrySet()));
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try {
            WRITER.write(page, text.all.build(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a page in memory
        }
        return page.toString(StandardCharsets.UTF_8);
    }

    private void invocations(List<ServerMetrics.Invocations> rows) {
        Function<ServerMetrics.Invocations, Labels> labels = row -> labels(row.function(), row.version(), row.alias());
        counter("invocations", "Invocations that ran.", rows, labels, ServerMetrics.Invocations::invocations);
        counter(
                "errors",
                "Invocations that ended with a function error.",
                rows,
                labels,
                ServerMetrics.Invocations::errors);
        counter("throttles", "Requests that a limit refused.", rows, labels, ServerMetrics.Invocations::throttles);
        HistogramSnapshot.Builder durations =
                HistogramSnapshot.builder().name("thaw_duration_seconds").help("Time that function code ran.");
        rows.forEach(row -> durations.dataPoint(new HistogramDataPointSnapshot(
                buckets(row.durationCounts()), row.durationMs() / MS_PER_S, labels.apply(row), null, 0)));
        all.metricSnapshot(durations.build());
    }

    private void concurrency(ServerMetrics metrics) {
        List<ServerMetrics.Version> rows = metrics.versions();
        Function<ServerMetrics.Version, Labels> labels = row -> labels(row.function(), row.version(), null);
        gauge(
                "concurrent_executions",
                "Invocations accepted and not ended.",
                rows,
                labels,
                ServerMetrics.Version::concurrentExecutions);
        gauge(
                "unreserved_concurrent_executions",
                "Invocations of functions without reserved concurrency, accepted and not ended.",
                List.of(metrics),
                _ -> Labels.EMPTY,
                ServerMetrics::unreservedConcurrentExecutions);
        gauge(
                "provisioned_concurrent_executions",
                "Environments of provisioned concurrency at work.",
                rows,
                labels,
                ServerMetrics.Version::provisionedConcurrentExecutions);
        gauge(
                "provisioned_concurrency_utilization",
                "Share of the allocated provisioned concurrency at work.",
                rows,
                labels,
                ServerMetrics.Version::provisionedUtilization);
        counter(
                "provisioned_concurrency_invocations",
                "Invocations that provisioned concurrency ran.",
                rows,
                labels,
                ServerMetrics.Version::provisionedInvocations);
        counter(
                "provisioned_concurrency_spillover_invocations",
                "Invocations that ran elsewhere although concurrency is provisioned.",
                rows,
                labels,
                ServerMetrics.Version::provisionedSpillovers);
        SummarySnapshot.Builder extensions = SummarySnapshot.builder()
                .name("thaw_post_runtime_extensions_duration_seconds")
                .help("Time that extensions worked on after the runtime's answer.");
        rows.stream()
                .filter(row -> row.extensionRuns() > 0)
                .forEach(row -> extensions.dataPoint(SummaryDataPointSnapshot.builder()
                        .labels(labels.apply(row))
                        .count(row.extensionRuns())
                        .sum(row.postRuntimeExtensionsMs() / MS_PER_S)
                        .build()));
        all.metricSnapshot(extensions.build());
    }

    private void events(List<ServerMetrics.Events> rows) {
        Function<ServerMetrics.Events, Labels> labels = row -> row.qualifier() == null
                ? Labels.of("function", row.function())
                : Labels.of("function", row.function(), "qualifier", row.qualifier());
        counter("async_events_received", "Asynchronous events accepted.", rows, labels, ServerMetrics.Events::received);
        counter(
                "async_events_dropped",
                "Asynchronous events that ended without success.",
                rows,
                labels,
                ServerMetrics.Events::dropped);
        counter(
                "dead_letter_errors",
                "Events that did not reach their dead-letter queue.",
                rows,
                labels,
                ServerMetrics.Events::deadLetterErrors);
        counter(
                "destination_delivery_failures",
                "Records that did not reach their destination.",
                rows,
                labels,
                ServerMetrics.Events::destinationDeliveryFailures);
        SummarySnapshot.Builder ages = SummarySnapshot.builder()
                .name("thaw_async_event_age_seconds")
                .help("Time from acceptance to each attempt.");
        rows.forEach(row -> ages.dataPoint(SummaryDataPointSnapshot.builder()
                .labels(labels.apply(row))
                .count(row.attempts())
                .sum(row.ageMs() / MS_PER_S)
                .build()));
        all.metricSnapshot(ages.build());
    }

    private void loops(List<Map.Entry<String, Long>> rows) {
        counter(
                "recursive_invocations_dropped",
                "Invocations that would have gone on with a recursive loop.",
                rows,
                row -> Labels.of("function", row.getKey()),
                Map.Entry::getValue);
    }

    private <T> void counter(
            String name, String help, List<T> rows, Function<T, Labels> labels, ToLongFunction<T> value) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name("thaw_" + name).help(help);
        rows.forEach(row ->
                counter.dataPoint(new CounterDataPointSnapshot(value.applyAsLong(row), labels.apply(row), null, 0)));
        all.metricSnapshot(counter.build());
    }

    private <T> void gauge(
            String name, String help, List<T> rows, Function<T, Labels> labels, ToDoubleFunction<T> value) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("thaw_" + name).help(help);
        rows.forEach(
                row -> gauge.dataPoint(new GaugeDataPointSnapshot(value.applyAsDouble(row), labels.apply(row), null)));
        all.metricSnapshot(gauge.build());
    }

    private static Labels labels(String function, String version, @Nullable String alias) {
        return alias == null
                ? Labels.of("function", function, "version", version)
                : Labels.of("function", function, "version", version, "alias", alias);
    }

    private static ClassicHistogramBuckets buckets(List<Long> counts) {
        double[] boundsMs = ServerMetrics.durationBoundsMs();
        double[] boundsS = Arrays.copyOf(boundsMs, boundsMs.length + 1);
        for (int i = 0; i < boundsMs.length; i++) {
            boundsS[i] /= MS_PER_S;
        }
        boundsS[boundsMs.length] = Double.POSITIVE_INFINITY;
        return ClassicHistogramBuckets.of(
                boundsS, counts.stream().mapToLong(Long::longValue).toArray());
    }
}
