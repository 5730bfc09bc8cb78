package dev.thaw.results;

import static dev.thaw.results.SyntheticRun.SECOND_NS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.github.luben.zstd.ZstdInputStream;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class RunRecorderTest {
    private static final long MILLI_NS = 1_000_000L;

    @TempDir
    private Path runs;

    @Test
    void shouldReportThePercentilesOfKnownData() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 1; i <= 10_000; i++) {
            // Latency i us, sent 100 us late: service is 100 us less.
            samples.add(ok(0, i * MILLI_NS, i * MILLI_NS + 100_000, i * MILLI_NS + 100_000 + i * 1_000L));
        }

        JsonNode summary = summaryOf(record(plan(10_000), samples));

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
        assertThat(summaryOf(record(plan(0), List.of())).path("serverMetrics").isNull())
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
                summaryOf(record(plan(20_000), samples)).path("latencyUs").path("fromIntended");

        assertNear(latency.path("p50"), 1_000);
        assertNear(latency.path("p99"), 98e6);
        assertNear(latency.path("mean"), 25.0e6);
    }

    @Test
    void shouldKeepRefusalsOutOfTheLatency() throws IOException {
        Sample refused = ok(0, 0, 0, 1);
        refused.status = SampleStatus.THROTTLED;

        JsonNode summary = summaryOf(record(plan(2), List.of(refused, ok(0, 0, 0, 10 * MILLI_NS))));

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

        JsonNode node = summaryOf(record(plan(28), samples)).path("invocations");

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
    void shouldWriteOneRowForEachInvocationWhosePhasesAddUp() throws IOException {
        SyntheticRun run = new SyntheticRun(5, 2, 500);
        List<NamedCsvRecord> rows = rows(run.record("rows", runs).bundle());

        assertThat(rows).hasSize(1_000);
        int known = 0;
        for (NamedCsvRecord row : rows) {
            if (row.getField("queue_ns").isEmpty()) {
                continue;
            }
            known++;
            long sumNs = number(row, "outside_ns");
            for (Phase phase : Phase.ALL) {
                sumNs += number(row, phase.key().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT) + "_ns");
            }
            assertThat(sumNs).isEqualTo(number(row, "done_ns") - number(row, "sent_ns"));
        }
        assertThat(known).isGreaterThan(900);
    }

    @Test
    void shouldQuoteNamesAndLeaveTheUnknownEmpty() throws IOException {
        RunPlan plan = SyntheticRun.plan("quote", List.of("a,\"b\" c"), 1, SECOND_NS);
        Sample sample = ok(0, 5, 7, 0);
        sample.status = SampleStatus.LOST;

        Path bundle = record(plan, List.of(sample));

        NamedCsvRecord row = rows(bundle).getFirst();
        assertThat(row.getField("function")).isEqualTo("a,\"b\" c");
        assertThat(row.getField("sent_ns")).isEqualTo("7");
        assertThat(row.getField("done_ns")).isEmpty();
        assertThat(row.getField("status")).isEqualTo("lost");
        assertThat(row.getField("billed_ms")).isEmpty();
    }

    @Test
    void shouldWriteLogsThatHdrHistogramReads() throws IOException {
        RunOutcome outcome = new SyntheticRun(3, 4, 300).record("logs", runs);
        JsonNode summary = summaryOf(outcome.bundle());

        Map<String, Histogram> latency = byTag(outcome.bundle().resolve("latency.hlog"));
        assertThat(latency.keySet()).contains("", "app00-fn0000", "app01-fn0001", "app02-fn0002");
        Histogram all = tagged(latency, "");
        latency.remove("");
        assertNear(summary.path("latencyUs").path("fromIntended").path("p99"), all.getValueAtPercentile(99) / 1e3);
        assertThat(latency.values().stream().mapToLong(Histogram::getTotalCount).sum())
                .isEqualTo(all.getTotalCount());
        for (JsonNode function : summary.path("functions")) {
            assertThat(tagged(latency, function.path("name").asString()).getTotalCount())
                    .isEqualTo(function.path("latencyUs").path("count").asLong());
        }
        assertThat(byTag(outcome.bundle().resolve("phases.hlog")).keySet())
                .contains("cold.create", "cold.invoke", "warm.invoke", "warm.thaw", "victim.queue");
        assertThat(tagged(byTag(outcome.bundle().resolve("lateness.hlog")), "").getTotalCount())
                .isEqualTo(1_200);
        assertThat(tagged(byTag(outcome.bundle().resolve("service.hlog")), "").getTotalCount())
                .isEqualTo(all.getTotalCount());
    }

    @Test
    void shouldWriteLogsThatHistogramLogProcessorTakes() throws Exception {
        Path bundle = new SyntheticRun(2, 3, 200).record("tool", runs).bundle();
        Path output = runs.resolve("processed");

        Thread processor = new HistogramLogProcessor(new String[] {
            "-i", bundle.resolve("latency.hlog").toString(), "-o", output.toString(), "-tag", "app00-fn0000"
        });
        processor.start();
        processor.join();

        assertThat(Files.readString(runs.resolve("processed.hgrm"))).contains("#[Mean", "Total count");
    }

    @Test
    void shouldWriteOneIntervalASecond() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int second : new int[] {0, 1, 1, 4}) {
            samples.add(ok(0, second * SECOND_NS, second * SECOND_NS, second * SECOND_NS + 10 * MILLI_NS));
        }
        Path bundle = record(plan(4), samples);

        List<Long> starts = new ArrayList<>();
        try (HistogramLogReader reader =
                new HistogramLogReader(bundle.resolve("service.hlog").toFile())) {
            while (reader.hasNext()) {
                EncodableHistogram interval = reader.nextIntervalHistogram();
                starts.add((interval.getStartTimeStamp() - (long) (reader.getStartTimeSec() * 1000)) / 1000);
            }
        }

        assertThat(starts).containsExactly(0L, 1L, 4L);
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
    void shouldPriceWhatTheServerBilled() throws IOException {
        Sample sample = ok(0, 0, 0, MILLI_NS);
        sample.serverKnown = true;
        sample.server.clear();
        sample.server.billedMs = 2_000;
        sample.server.memoryMib = 512;

        JsonNode summary = summaryOf(record(plan(1), List.of(sample)));

        assertThat(summary.path("gbSeconds").asDouble()).isEqualTo(1.0);
        assertThat(summary.path("billedMs").asLong()).isEqualTo(2_000);
        assertThat(summary.path("costUsd").path("x86_64").asDouble()).isEqualTo(0.0000166667, within(1e-12));
        assertThat(summary.path("costUsd").path("arm64").isNull())
                .as("nothing ran there")
                .isTrue();
        JsonNode whatIf = summary.path("costUsd").path("whatIf");
        assertThat(whatIf.path("x86_64").asDouble()).isEqualTo(0.0000166667, within(1e-12));
        assertThat(whatIf.path("arm64").asDouble()).isEqualTo(0.0000133334, within(1e-12));
        assertThat(summary.path("costUsd").path("requests").asDouble()).isEqualTo(2e-7, within(1e-12));
    }

    @Test
    void shouldTellHowLongExtensionsWorkedOnAfterAnswers() throws IOException {
        Sample first = ok(0, 0, 0, MILLI_NS);
        first.serverKnown = true;
        first.server.clear();
        Sample second = ok(0, MILLI_NS, MILLI_NS, 2 * MILLI_NS);
        second.serverKnown = true;
        second.server.clear();
        second.server.extensionOverhangNs = 7 * MILLI_NS;

        JsonNode none = summaryOf(record(plan(1), List.of(first)));
        Path bundle = record(plan(2), List.of(first, second));
        JsonNode some = summaryOf(bundle);

        assertThat(none.path("extensionOverhangUs").isNull()).isTrue();
        assertThat(none.at("/functions/0/extensionOverhangUs").isNull()).isTrue();
        assertThat(some.at("/extensionOverhangUs/count").asLong()).isEqualTo(1);
        assertThat(some.at("/extensionOverhangUs/max").asDouble()).isEqualTo(7_000, within(7.0));
        assertThat(some.at("/functions/0/extensionOverhangUs/max").asDouble()).isEqualTo(7_000, within(7.0));
        assertThat(Files.readString(bundle.resolve("report.html"))).contains("extensions, after the answer");
    }

    @Test
    void shouldPriceEachArchitectureForWhatRanOnIt() throws IOException {
        RunPlan plan = SyntheticRun.plan(
                "both",
                false,
                List.of(
                        new RunPlan.RunFunction("x", 512, "x86_64"),
                        new RunPlan.RunFunction("a", 512, "arm64"),
                        new RunPlan.RunFunction("theirs", 512, "unknown")),
                3,
                SECOND_NS);

        JsonNode cost = summaryOf(record(plan, List.of(billed(0, 2_000), billed(1, 4_000), billed(2, 8_000))))
                .path("costUsd");

        assertThat(cost.path("x86_64").asDouble()).isEqualTo(0.0000166667, within(1e-12));
        assertThat(cost.path("arm64").asDouble()).isEqualTo(2 * 0.0000133334, within(1e-12));
        assertThat(cost.path("whatIf").path("x86_64").asDouble()).isEqualTo(7 * 0.0000166667, within(1e-12));
        assertThat(cost.path("whatIf").path("arm64").asDouble()).isEqualTo(7 * 0.0000133334, within(1e-12));
    }

    @Test
    void shouldNotPriceAnEmulatedRun() throws IOException {
        RunPlan plan =
                SyntheticRun.plan("emulated", true, List.of(new RunPlan.RunFunction("a", 512, "arm64")), 1, SECOND_NS);

        RunOutcome outcome = outcomeOf(plan, List.of(billed(0, 2_000)));

        JsonNode summary = summaryOf(outcome.bundle());
        assertThat(summary.path("gbSeconds").asDouble()).isEqualTo(1.0);
        for (String path : List.of("/x86_64", "/arm64", "/whatIf/x86_64", "/whatIf/arm64")) {
            assertThat(summary.path("costUsd").at(path).isNull()).as(path).isTrue();
        }
        assertThat(outcome.figures()).last().asString().contains("; emulated: ");
        assertThat(Files.readString(outcome.bundle().resolve(Report.NAME))).contains("not priced");
    }

    private static Sample billed(int function, long billedMs) {
        Sample sample = ok(function, 0, 0, MILLI_NS);
        sample.serverKnown = true;
        sample.server.clear();
        sample.server.billedMs = billedMs;
        sample.server.memoryMib = 512;
        return sample;
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
        RunOutcome few = outcomeOf(plan(needed - 1), rising(needed - 1));
        RunOutcome enough = outcomeOf(plan(needed), rising(needed));

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
        JsonNode summary = summaryOf(record(plan(1), List.of(ok(0, 0, 0, MILLI_NS))));

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

        RunOutcome outcome = outcomeOf(plan(200), samples);

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
        assertThat(outcomeOf(plan(1_000), samples).overBudget()).isEmpty();
        samples.get(1).status = SampleStatus.ERROR;
        assertThat(outcomeOf(plan(1_000), samples).overBudget())
                .containsExactly("2 of 1000 answers were errors (neither 200 nor 429), budget 0.1 %");
    }

    @Test
    void shouldTrustARunThatHeldItsBudgets() throws IOException {
        RunOutcome outcome = outcomeOf(plan(1), List.of(ok(0, 0, 9 * MILLI_NS, 10 * MILLI_NS)));

        assertThat(outcome.overBudget()).isEmpty();
        assertThat(outcome.figures().getFirst()).contains("1 sent", "1 ok");
    }

    @Test
    void shouldCountRowsThatTheWriterCouldNotTake() throws IOException {
        try (BundleRecorder recorder = BundleRecorder.open(plan(5_000_000), runs, RunClock.SYSTEM, 2)) {
            Sample sample = ok(0, 0, 0, MILLI_NS);
            for (int i = 0; i < 100_000; i++) {
                recorder.record(sample);
            }

            RunOutcome outcome = recorder.finish();

            JsonNode summary = summaryOf(outcome.bundle());
            long dropped = summary.path("verdict").path("rowsDropped").asLong();
            assertThat(dropped).isPositive();
            assertThat(rows(outcome.bundle())).hasSize((int) (100_000 - dropped));
            assertThat(summary.path("latencyUs").path("service").path("count").asLong())
                    .isEqualTo(100_000);
            assertThat(outcome.overBudget()).anyMatch(line -> line.startsWith(dropped + " rows dropped"));
        }
    }

    @Test
    void shouldSurviveARunOfNothing() throws IOException {
        RunOutcome outcome = outcomeOf(SyntheticRun.plan("none", List.of(), 0, 0), List.of());

        assertThat(outcome.overBudget()).isEmpty();
        assertThat(summaryOf(outcome.bundle()).at("/latencyUs/fromIntended/p50").isNull())
                .isTrue();
        assertThat(outcome.bundle().resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void shouldSurviveARunThatLostEverything() throws IOException {
        Sample lost = ok(0, 0, MILLI_NS, 0);
        lost.status = SampleStatus.LOST;

        RunOutcome outcome = outcomeOf(plan(1), List.of(lost));

        assertThat(outcome.overBudget()).containsExactly("lost 1 of 1 sent invocations, budget 0");
        assertThat(outcome.bundle().resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void shouldCountInTheSecondInWhichItHappened() throws IOException {
        Sample sample = ok(0, 0, SECOND_NS, 3 * SECOND_NS);
        Path bundle = record(plan(1), List.of(sample));

        List<String> lines = Files.readAllLines(bundle.resolve("seconds.csv"), UTF_8);

        assertThat(lines)
                .containsExactly(
                        "second,planned,sent,completed,failed,throttled,lost,cold_triggers,cold_victims,suppressed_inits",
                        "0,1,0,0,0,0,0,0,0,0",
                        "1,0,1,0,0,0,0,0,0,0",
                        "2,0,0,0,0,0,0,0,0,0",
                        "3,0,0,1,0,0,0,0,0,0");
    }

    @Test
    void shouldKeepTheFleet() throws IOException {
        try (RunRecorder recorder = RunRecorder.open(plan(0), runs)) {
            recorder.recordFleet(new FleetSample(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));

            Path bundle = recorder.finish().bundle();

            assertThat(Files.readAllLines(bundle.resolve("fleet.csv"), UTF_8).get(1))
                    .isEqualTo("1,2,3,4,5,6,7,8,9,10,11,12");
        }
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

            JsonNode latency =
                    summaryOf(record(plan(5_000), samples)).path("latencyUs").path("fromIntended");

            assertThat(latency.path("p90").asDouble() * 1e3)
                    .as("seed %d", seed)
                    .isCloseTo(latencies.get(4_499), withinPercentage(0.1));
            assertThat(latency.path("p999").asDouble() * 1e3)
                    .as("seed %d", seed)
                    .isCloseTo(latencies.get(4_994), withinPercentage(0.1));
        }
    }

    private static RunPlan plan(long planned) {
        return SyntheticRun.plan("test", List.of("echo"), planned, 10 * SECOND_NS);
    }

    private static Sample ok(int function, long intendedNs, long sentNs, long doneNs) {
        Sample sample = new Sample();
        sample.function = function;
        sample.intendedStartNs = intendedNs;
        sample.sentNs = sentNs;
        sample.doneNs = doneNs;
        return sample;
    }

    private Path record(RunPlan plan, List<Sample> samples) throws IOException {
        return outcomeOf(plan, samples).bundle();
    }

    private RunOutcome outcomeOf(RunPlan plan, List<Sample> samples) throws IOException {
        try (RunRecorder recorder = RunRecorder.open(plan, runs)) {
            samples.forEach(recorder::record);
            return recorder.finish();
        }
    }

    private static JsonNode summaryOf(Path bundle) throws IOException {
        return RunBundle.load(bundle).summary();
    }

    static List<NamedCsvRecord> rows(Path bundle) throws IOException {
        try (InputStreamReader in = new InputStreamReader(
                        new ZstdInputStream(Files.newInputStream(bundle.resolve(RowsFile.NAME))), UTF_8);
                Stream<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(in).stream()) {
            return rows.toList();
        }
    }

    private static long number(NamedCsvRecord row, String column) {
        return Long.parseLong(row.getField(column));
    }

    private static Map<String, Histogram> byTag(Path log) throws IOException {
        Map<String, Histogram> byTag = new HashMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                Histogram interval = (Histogram) reader.nextIntervalHistogram();
                String tag = interval.getTag() == null ? "" : interval.getTag();
                byTag.computeIfAbsent(tag, each -> new Histogram(3)).add(interval);
            }
        }
        return byTag;
    }

    private static Histogram tagged(Map<String, Histogram> logs, String tag) {
        return Objects.requireNonNull(logs.get(tag), tag);
    }

    private static void assertNear(JsonNode actualUs, double expectedUs) {
        assertThat(actualUs.asDouble()).isCloseTo(expectedUs, withinPercentage(0.1));
    }
}
