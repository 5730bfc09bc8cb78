package dev.thaw.results;

import static dev.thaw.results.RecordedSamples.MILLI_NS;
import static dev.thaw.results.RecordedSamples.assertNear;
import static dev.thaw.results.RecordedSamples.ok;
import static dev.thaw.results.RecordedSamples.outcomeOf;
import static dev.thaw.results.RecordedSamples.plan;
import static dev.thaw.results.RecordedSamples.record;
import static dev.thaw.results.RecordedSamples.summaryOf;
import static dev.thaw.results.RecordedSamples.told;
import static dev.thaw.results.SyntheticRun.SECOND_NS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class RunRecorderTest {
    @TempDir
    private Path runs;

    @Test
    void shouldReportThePercentilesOfKnownData() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 1; i <= 10_000; i++) {
            // Latency i us, sent 100 us late: service is 100 us less.
            samples.add(ok(0, i * MILLI_NS, i * MILLI_NS + 100_000, i * MILLI_NS + 100_000 + i * 1_000L));
        }

        JsonNode summary = summaryOf(record(runs, plan(10_000), samples));

        JsonNode service = summary.path("latencyUs").path("service");
        JsonNode fromIntended = summary.path("latencyUs").path("fromIntended");
        assertNear(service.path("p50"), 5_000);
        assertNear(service.path("p99"), 9_900);
        assertNear(service.path("p999"), 9_990);
        assertNear(service.path("max"), 10_000);
        assertNear(service.path("mean"), 5_000.5);
        assertNear(fromIntended.path("p99"), 10_000);
        assertNear(summary.path("latenessUs").path("p50"), 100);
        assertThat(fromIntended.path("count").asLong()).isEqualTo(10_000);
    }

    @Test
    void shouldKeepWhatTheServerCounted() throws IOException {
        ServerMetrics counted = new ServerMetrics(
                0,
                0,
                List.of(new ServerMetrics.Invocations("f0", "$LATEST", null, 2, 1, 3, 4.5, List.of(1L, 1L))),
                List.of(),
                List.of(),
                Map.of("f0", 1L));
        Path bundle;
        try (RunRecorder recorder = RunRecorder.open(plan(0), runs)) {
            recorder.start(0);
            recorder.recordServerMetrics(counted);
            bundle = recorder.finish().bundle();
        }

        JsonNode kept = summaryOf(bundle).path("serverMetrics");

        assertThat(ServerMetrics.fromJson(kept.toString())).isEqualTo(counted);
        assertThat(summaryOf(record(runs, plan(0), List.of()))
                        .path("serverMetrics")
                        .isNull())
                .isTrue();
    }

    /** Gil Tene's example: 100 s of 100 requests a second at 1 ms, then a stall of 100 s. */
    @Test
    void shouldNotOmitWhatAStalledServerKeptWaiting() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            long intendedNs = 10L * i * MILLI_NS;
            long doneNs = i < 10_000 ? intendedNs + MILLI_NS : 200 * SECOND_NS;
            samples.add(ok(0, intendedNs, intendedNs, doneNs));
        }

        JsonNode latency =
                summaryOf(record(runs, plan(20_000), samples)).path("latencyUs").path("fromIntended");

        assertNear(latency.path("p50"), 1_000);
        assertNear(latency.path("p99"), 98e6);
        assertNear(latency.path("mean"), 25.0e6);
    }

    @Test
    void shouldKeepRefusalsOutOfTheLatency() throws IOException {
        Sample refused = ok(0, 0, 0, 1);
        refused.status = SampleStatus.THROTTLED;

        JsonNode summary = summaryOf(record(runs, plan(2), List.of(refused, ok(0, 0, 0, 10 * MILLI_NS))));

        assertNear(summary.path("latencyUs").path("fromIntended").path("p50"), 10_000);
        assertThat(summary.path("invocations").path("throttled").asLong()).isEqualTo(1);
        assertThat(summary.path("invocations").path("completed").asLong()).isEqualTo(2);
    }

    @Test
    void shouldCountEveryEndAndMakeThemAddUp() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (SampleStatus status : SampleStatus.ALL) {
            for (int i = 0; i <= status.ordinal(); i++) {
                Sample sample = ok(0, i * MILLI_NS, i * MILLI_NS, i * MILLI_NS + MILLI_NS);
                sample.status = status;
                samples.add(sample);
            }
        }

        JsonNode node = summaryOf(record(runs, plan(28), samples)).path("invocations");

        assertThat(node.path("ok").asLong()).isEqualTo(1);
        assertThat(node.path("functionErrors").asLong()).isEqualTo(2);
        assertThat(node.path("timedOut").asLong()).isEqualTo(3);
        assertThat(node.path("throttled").asLong()).isEqualTo(4);
        assertThat(node.path("errors").asLong()).isEqualTo(5);
        assertThat(node.path("lost").asLong()).isEqualTo(6);
        assertThat(node.path("unsent").asLong()).isEqualTo(7);
        assertThat(node.path("sent").asLong()).isEqualTo(21);
        assertThat(node.path("completed").asLong()).isEqualTo(15);
    }

    @Test
    void shouldHoldTheDocumentedSchema() throws IOException {
        // Enough for every percentile: with fewer they are null.
        JsonNode summary =
                summaryOf(new SyntheticRun(2, 2, 600).record("schema", runs).bundle());

        for (String path : List.of(
                "/schema",
                "/kind",
                "/backend",
                "/isolation",
                "/emulated",
                "/emulation",
                "/invocations/planned",
                "/invocations/sent",
                "/invocations/completed",
                "/invocations/functionErrors",
                "/invocations/throttled",
                "/invocations/timedOut",
                "/invocations/lost",
                "/latencyUs/fromIntended/p50",
                "/latencyUs/fromIntended/p90",
                "/latencyUs/fromIntended/p99",
                "/latencyUs/fromIntended/p999",
                "/latencyUs/fromIntended/max",
                "/latencyUs/fromIntended/mean",
                "/latencyUs/service/p99",
                "/latenessUs/p999",
                "/hiccupUs/count",
                "/coldStarts/triggered",
                "/coldStarts/victims",
                "/phasesUs/queue/p50",
                "/phasesUs/create/p50",
                "/phasesUs/initFunction/p50",
                "/phasesUs/suppressedInit/count",
                "/phasesUs/invoke/p50",
                "/gbSeconds",
                "/billedMs",
                "/costUsd/x86_64",
                "/costUsd/requests",
                "/costUsd/whatIf/x86_64",
                "/costUsd/whatIf/arm64",
                "/functions/0/name",
                "/functions/0/invocations",
                "/functions/0/latencyUs/p99",
                "/verdict/withinBudget",
                "/slowdown/p99")) {
            assertThat(summary.at(path).isMissingNode()).as(path).isFalse();
            assertThat(summary.at(path).isNull()).as(path).isFalse();
        }
    }

    @Test
    void shouldTellHowLongExtensionsWorkedOnAfterAnswers() throws IOException {
        Sample first = told(0, 0, 0, MILLI_NS);
        Sample second = told(0, MILLI_NS, MILLI_NS, 2 * MILLI_NS);
        second.server.extensionOverhangNs = 7 * MILLI_NS;

        JsonNode none = summaryOf(record(runs, plan(1), List.of(first)));
        Path bundle = record(runs, plan(2), List.of(first, second));
        JsonNode some = summaryOf(bundle);

        assertThat(none.path("extensionOverhangUs").isNull()).isTrue();
        assertThat(none.at("/functions/0/extensionOverhangUs").isNull()).isTrue();
        assertThat(some.at("/extensionOverhangUs/count").asLong()).isEqualTo(1);
        assertThat(some.at("/extensionOverhangUs/max").asDouble()).isEqualTo(7_000, within(7.0));
        assertThat(some.at("/functions/0/extensionOverhangUs/max").asDouble()).isEqualTo(7_000, within(7.0));
        assertThat(Files.readString(bundle.resolve("report.html"))).contains("extensions, after the answer");
    }

    /** With fewer samples it would be the longest by another name. */
    @ParameterizedTest
    @CsvSource({
        "p50, 1, p50",
        "p90, 10, p90",
        "p99, 100, p99",
        "p999, 1000, p99.9",
    })
    void shouldTellAPercentileOnlyWhereASampleLiesBeyondIt(String key, int needed, String title) throws IOException {
        RunOutcome few = outcomeOf(runs, plan(needed - 1), rising(needed - 1));
        RunOutcome enough = outcomeOf(runs, plan(needed), rising(needed));

        assertThat(summaryOf(few.bundle()).at("/latencyUs/fromIntended/" + key).isNull())
                .isTrue();
        JsonNode latency = summaryOf(enough.bundle()).at("/latencyUs/fromIntended");
        assertThat(latency.path(key).isNumber()).isTrue();
        if (needed > 1) {
            assertThat(latency.path(key).asDouble())
                    .isLessThan(latency.path("max").asDouble());
            assertThat(line(few, "latency")).contains(title + " - ");
            assertThat(page(few)).contains(title + " needs ");
        }
        assertThat(line(enough, "latency")).doesNotContain(title + " - ");
    }

    /** Each one per cent longer than the one before, and so another bucket of the histogram. */
    private static List<Sample> rising(int count) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(ok(0, 0, 0, (long) (1_000_000 * Math.pow(1.01, i))));
        }
        return samples;
    }

    private static String line(RunOutcome outcome, String what) {
        return outcome.figures().stream()
                .filter(each -> each.startsWith(what + " "))
                .findFirst()
                .orElseThrow();
    }

    private static String page(RunOutcome outcome) throws IOException {
        return Files.readString(outcome.bundle().resolve(Report.NAME));
    }

    @Test
    void shouldSayUnknownWithoutServerRecords() throws IOException {
        JsonNode summary = summaryOf(record(runs, plan(1), List.of(ok(0, 0, 0, MILLI_NS))));

        assertThat(summary.path("gbSeconds").isNull()).isTrue();
        assertThat(summary.path("billedMs").isNull()).isTrue();
        assertThat(summary.path("costUsd").path("x86_64").isNull()).isTrue();
        assertThat(summary.path("costUsd").path("arm64").isNull()).isTrue();
        assertThat(summary.path("costUsd").path("whatIf").path("arm64").isNull())
                .isTrue();
        assertThat(summary.path("phasesUs").path("queue").path("p50").isNull()).isTrue();
    }

    @Test
    void shouldNameEveryBudgetThatBroke() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            samples.add(ok(0, 0, 50 * MILLI_NS, 60 * MILLI_NS));
        }
        samples.getFirst().status = SampleStatus.LOST;

        RunOutcome outcome = outcomeOf(runs, plan(200), samples);

        assertThat(outcome.overBudget()).hasSize(3);
        assertThat(outcome.overBudget().get(0))
                .startsWith("lateness p99.9 of the generator is 50.0")
                .contains("10.000 ms", "(the longest of only 100)");
        assertThat(outcome.overBudget().get(1)).isEqualTo("lost 1 of 100 sent invocations, budget 0");
        assertThat(outcome.overBudget().get(2)).startsWith("sent 100 of 200 planned invocations (50.00 %)");
        assertThat(summaryOf(outcome.bundle())
                        .path("verdict")
                        .path("overBudget")
                        .size())
                .isEqualTo(3);
    }

    @Test
    void shouldNotTrustARunThatWasAnsweredWithErrors() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            samples.add(ok(0, 0, 0, MILLI_NS));
        }
        samples.get(0).status = SampleStatus.ERROR;
        assertThat(outcomeOf(runs, plan(1_000), samples).overBudget()).isEmpty();
        samples.get(1).status = SampleStatus.ERROR;
        assertThat(outcomeOf(runs, plan(1_000), samples).overBudget())
                .containsExactly("2 of 1000 answers were errors (neither 200 nor 429), budget 0.1 %");
    }

    @Test
    void shouldTrustARunThatHeldItsBudgets() throws IOException {
        RunOutcome outcome = outcomeOf(runs, plan(1), List.of(ok(0, 0, 9 * MILLI_NS, 10 * MILLI_NS)));

        assertThat(outcome.overBudget()).isEmpty();
        assertThat(outcome.figures().getFirst()).contains("1 sent", "1 ok");
    }

    @Test
    void shouldSurviveARunOfNothing() throws IOException {
        RunOutcome outcome = outcomeOf(runs, SyntheticRun.plan("none", List.of(), 0, 0), List.of());

        assertThat(outcome.overBudget()).isEmpty();
        assertThat(summaryOf(outcome.bundle()).at("/latencyUs/fromIntended/p50").isNull())
                .isTrue();
        assertThat(outcome.bundle().resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void shouldSurviveARunThatLostEverything() throws IOException {
        Sample lost = ok(0, 0, MILLI_NS, 0);
        lost.status = SampleStatus.LOST;

        RunOutcome outcome = outcomeOf(runs, plan(1), List.of(lost));

        assertThat(outcome.overBudget()).containsExactly("lost 1 of 1 sent invocations, budget 0");
        assertThat(outcome.bundle().resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void shouldMeasureWithAnySeedWhatASortedListSays() throws IOException {
        for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            List<Sample> samples = new ArrayList<>();
            List<Long> latencies = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                long latencyNs = (long) Math.exp(random.nextDouble() * 20) + 1;
                latencies.add(latencyNs);
                samples.add(ok(0, 0, 0, latencyNs));
            }
            latencies.sort(null);

            JsonNode latency = summaryOf(record(runs, plan(5_000), samples))
                    .path("latencyUs")
                    .path("fromIntended");

            assertThat(latency.path("p90").asDouble() * 1e3)
                    .as("seed %d", seed)
                    .isCloseTo(latencies.get(4_499), withinPercentage(0.1));
            assertThat(latency.path("p999").asDouble() * 1e3)
                    .as("seed %d", seed)
                    .isCloseTo(latencies.get(4_994), withinPercentage(0.1));
        }
    }
}
