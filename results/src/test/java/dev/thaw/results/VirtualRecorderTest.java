package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class VirtualRecorderTest {
    private static final long MS = 1_000_000;

    @TempDir
    private Path runs;

    private static RunPlan plan(long planned, long durationNs) {
        return new RunPlan(
                VirtualRecorder.KIND,
                "virtual",
                "thaw simulate",
                Map.of(VirtualSections.MODEL_KEY, "all takes <10> ms"),
                1,
                VirtualRecorder.BACKEND,
                "none",
                Map.of(),
                false,
                List.of(new RunPlan.RunFunction("f", 128, RunPlan.UNKNOWN)),
                planned,
                durationNs,
                1);
    }

    private static VirtualTotals totals() {
        Histogram added = new Histogram(3);
        added.recordValue(5 * MS);
        return new VirtualTotals(added, added, 1, 0.5, 2, 3, 4, 5, 6, 1, 7, List.of(), Map.of("no_capacity", 8L), 9);
    }

    /** One invocation a second, each 10 ms. */
    private static void record(VirtualRecorder recorder, int count) {
        Sample sample = new Sample();
        sample.serverKnown = true;
        sample.server.clear();
        for (int at = 0; at < count; at++) {
            sample.intendedStartNs = TimeUnit.SECONDS.toNanos(at);
            sample.sentNs = sample.intendedStartNs;
            sample.doneNs = sample.intendedStartNs + 10 * MS;
            sample.server.phasesNs[Phase.INVOKE.ordinal()] = 10 * MS;
            sample.server.coldTrigger = at == 0;
            if (at > 0 && sample.intendedStartNs % recorder.intervalNs() == 0) {
                recorder.recordFleet(new FleetSample(sample.doneNs, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
            }
            recorder.record(sample);
        }
    }

    @Test
    void shouldHaveTheFilesOfALiveRun() throws IOException {
        RunOutcome outcome;
        try (VirtualRecorder recorder = VirtualRecorder.open(plan(3_000, TimeUnit.SECONDS.toNanos(3_000)), 10, runs)) {
            record(recorder, 3_000);
            outcome = recorder.finish(totals());
        }

        assertThat(outcome.overBudget()).isEmpty();
        JsonNode summary = RunBundle.load(outcome.bundle()).summary();
        assertThat(summary.path("latencyUs").path("fromIntended").path("count").asLong())
                .isEqualTo(3_000);
        assertThat(summary.path("latencyUs").path("fromIntended").path("p50").asDouble())
                .isBetween(10_000.0, 10_010.0);
        assertThat(summary.path("functions")
                        .get(0)
                        .path("latencyUs")
                        .path("count")
                        .asLong())
                .isEqualTo(3_000);
        assertThat(summary.path("coldStarts").path("triggered").asLong()).isEqualTo(1);
        assertThat(summary.path("latenessUs").path("p50").isNull()).isTrue();
        assertThat(summary.path("virtual").path("refusals").path("no_capacity").asLong())
                .isEqualTo(8);
        // 3,000 s in intervals of 5 s.
        assertThat(LogSeries.read(outcome.bundle().resolve(IntervalLog.LATENCY), 5)
                        .bins())
                .hasSize(600);
        assertThat(LogSeries.read(outcome.bundle().resolve(IntervalLog.LATENCY), 5)
                        .total()
                        .getTotalCount())
                .isEqualTo(3_000);
        assertThat(CsvFiles.read(outcome.bundle().resolve(CsvFiles.SECONDS))).hasSize(600);
        assertThat(CsvFiles.read(outcome.bundle().resolve(CsvFiles.FLEET))).hasSize(599);
        assertThat(RunRows.read(RunBundle.load(outcome.bundle()), (_, _) -> {})).isEqualTo(300);
        assertThat(Files.readString(outcome.bundle().resolve(Report.NAME)))
                .contains("Virtual time.", "all takes &lt;10&gt; ms")
                .doesNotContain("late wake-ups");
    }

    /** The very last of them is the longest, and has no row where one in ten has. */
    private RunBundle withALongOne(long rowEvery) throws IOException {
        try (VirtualRecorder recorder =
                VirtualRecorder.open(plan(3_002, TimeUnit.SECONDS.toNanos(3_100)), rowEvery, runs)) {
            record(recorder, 3_001);
            Sample sample = new Sample();
            sample.intendedStartNs = TimeUnit.SECONDS.toNanos(3_001);
            sample.sentNs = sample.intendedStartNs;
            sample.doneNs = sample.intendedStartNs + 500 * MS;
            recorder.record(sample);
            return RunBundle.load(recorder.finish(totals()).bundle());
        }
    }

    @Test
    void shouldBeComparedByAllOfItThoughRowsAreASample() throws IOException {
        ComparisonSettings settings = new ComparisonSettings(
                ComparisonSettings.UnitChoice.AUTO,
                false,
                Set.of("throughput", "latency.max", "latency.mean"),
                null,
                0,
                1,
                100,
                99);
        RunBundle sampled = withALongOne(10);
        Comparison comparison = Comparison.of(List.of(withALongOne(1)), List.of(sampled), settings);

        assertThat(comparison.findings())
                .hasSize(3)
                .allSatisfy(each -> assertThat(each.estimate().ratio())
                        .as(each.metric().name())
                        .isCloseTo(1, within(1e-3)));
        JsonNode all = sampled.summary().path("latencyUs").path("fromIntended");
        assertThat(comparison.findings().getFirst().estimate().b())
                .isCloseTo(all.path("max").asDouble(), within(0.01));
    }

    @Test
    void shouldReadItsRowsBack() throws IOException {
        Path bundle;
        try (VirtualRecorder recorder = VirtualRecorder.open(plan(2, TimeUnit.SECONDS.toNanos(2)), 1, runs)) {
            record(recorder, 2);
            bundle = recorder.finish(totals()).bundle();
        }
        StringBuilder rows = new StringBuilder();

        RunRows.read(
                RunBundle.load(bundle),
                (function, sample) -> rows.append(function)
                        .append(' ')
                        .append(sample.intendedStartNs)
                        .append(' ')
                        .append(sample.serviceNs())
                        .append(' ')
                        .append(sample.server.phasesNs[Phase.INVOKE.ordinal()])
                        .append(' ')
                        .append(sample.server.coldTrigger)
                        .append('\n'));

        assertThat(rows).hasToString("f 0 10000000 10000000 true\nf 1000000000 10000000 10000000 false\n");
    }

    @Test
    void shouldSayWhatDidNotArrive() throws IOException {
        try (VirtualRecorder recorder = VirtualRecorder.open(plan(100, TimeUnit.SECONDS.toNanos(100)), 1, runs)) {
            record(recorder, 10);

            assertThat(recorder.finish(totals()).overBudget())
                    .containsExactly("sent 10 of 100 planned invocations (10.00 %), budget 99.9 %");
        }
    }

    @Test
    void shouldLeaveNothingOfHalfASimulation() throws IOException {
        try (VirtualRecorder recorder = VirtualRecorder.open(plan(100, TimeUnit.SECONDS.toNanos(100)), 1, runs)) {
            record(recorder, 10);
        }

        assertThat(runs).isEmptyDirectory();
    }

    @Test
    void shouldCutTwoWeeksIntoHundredsOfIntervals() {
        assertThat(VirtualIntervals.widthNs(1)).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(VirtualIntervals.widthNs(TimeUnit.MINUTES.toNanos(12))).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(VirtualIntervals.widthNs(TimeUnit.DAYS.toNanos(14))).isEqualTo(TimeUnit.MINUTES.toNanos(30));
        assertThat(VirtualIntervals.widthNs(TimeUnit.DAYS.toNanos(10_000))).isEqualTo(TimeUnit.DAYS.toNanos(1));
    }
}
