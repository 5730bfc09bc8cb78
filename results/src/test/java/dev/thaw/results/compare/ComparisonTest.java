package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.JmhBundle;
import dev.thaw.results.Phase;
import dev.thaw.results.RunBundle;
import dev.thaw.results.Sample;
import dev.thaw.results.compare.ComparisonSettings.UnitChoice;
import dev.thaw.results.statistics.Design;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Recorded runs of known differences, compared as a user does. */
@Tag("slow")
final class ComparisonTest {
    private static final long MS = 1_000_000;
    /** As the defaults, with fewer draws. */
    private static final ComparisonSettings QUICK =
            new ComparisonSettings(UnitChoice.AUTO, false, Set.of(), null, 0, 1, 300, 2999);

    @TempDir
    private Path runs;

    private RunBundle run(long seed, BiConsumer<Sample, SplittableRandom> change) throws IOException {
        return run("r" + seed, seed, false, Map.of("rate", "100"), change);
    }

    private RunBundle run(
            String name,
            long seed,
            boolean emulated,
            Map<String, String> configuration,
            BiConsumer<Sample, SplittableRandom> change)
            throws IOException {
        return RecordedRun.write(runs, RecordedRun.plan(name, emulated, configuration), seed, change);
    }

    private static void asItIs(Sample sample, SplittableRandom random) {}

    private static void slow(Sample sample, double factor) {
        long[] phases = sample.server.phasesNs;
        phases[Phase.INVOKE.ordinal()] = (long) (phases[Phase.INVOKE.ordinal()] * factor);
    }

    private static Comparison compare(RunBundle a, RunBundle b) throws IOException {
        return Comparison.of(List.of(a), List.of(b), QUICK);
    }

    private static Finding finding(Comparison comparison, String metric) {
        return comparison.findings().stream()
                .filter(each -> each.metric().name().equals(metric))
                .findFirst()
                .orElseThrow(() -> new AssertionError(metric + " is not in " + comparison.findings()));
    }

    @Test
    void shouldFindWhatGotSlowerAndByHowMuch() throws IOException {
        Comparison comparison = compare(run(1, ComparisonTest::asItIs), run(2, (sample, _) -> slow(sample, 1.2)));

        Finding p50 = finding(comparison, "latency.p50");
        assertThat(p50.verdict()).isEqualTo(Verdict.WORSE);
        // 1 ms of 1.12 is the handler's.
        assertThat(p50.estimate().ratio()).isCloseTo(1.18, within(0.03));
        assertThat(p50.estimate().low()).isBetween(1.12, p50.estimate().ratio());
        assertThat(p50.detectable()).isBetween(0.001, 0.1);
        assertThat(finding(comparison, "phase.invoke.p50").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(finding(comparison, "phase.invoke.p99").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(finding(comparison, "gbSeconds").estimate().ratio()).isEqualTo(1);
        assertThat(finding(comparison, "throughput").verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(new Gate(0.05).stops(comparison)).isNotEmpty();
        assertThat(new Gate(0.5).stops(comparison)).isEmpty();
        assertThat(comparison.design().paired()).isTrue();
    }

    @Test
    void shouldFindASlowTailWithoutBlamingTheMiddle() throws IOException {
        Comparison comparison = compare(run(1, ComparisonTest::asItIs), run(2, (sample, random) -> {
            if (random.nextInt(20) == 0) {
                sample.server.phasesNs[Phase.INVOKE.ordinal()] += 2 * MS;
            }
        }));

        assertThat(finding(comparison, "latency.p99").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(finding(comparison, "latency.p50").verdict()).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void shouldSayUndecidedWhereNothingChanged() throws IOException {
        Comparison comparison = compare(run(1, ComparisonTest::asItIs), run(2, ComparisonTest::asItIs));

        assertThat(comparison.findings())
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.verdict()).isEqualTo(Verdict.UNDECIDED));
        assertThat(new Gate(0).stops(comparison)).isEmpty();
    }

    @Test
    void shouldPairByFunction() throws IOException {
        Comparison comparison = compare(run(1, ComparisonTest::asItIs), run(2, (sample, _) -> {
            if (sample.function == 1) {
                slow(sample, 0.5);
            }
        }));

        assertThat(comparison.cells().keySet()).containsExactly("echo", "resize");
        assertThat(comparison.cells().get("resize"))
                .filteredOn(each -> each.metric().name().equals("function.latency.p50"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.verdict()).isEqualTo(Verdict.BETTER);
                    assertThat(each.estimate().ratio()).isCloseTo(0.55, within(0.03));
                });
        assertThat(comparison.cells().get("echo"))
                .allSatisfy(each -> assertThat(each.verdict()).isEqualTo(Verdict.UNDECIDED));
        assertThat(finding(comparison, "function.latency.p50, geometric mean")
                        .estimate()
                        .ratio())
                .isCloseTo(Math.sqrt(0.55), within(0.03));
    }

    @Test
    void shouldCountColdStartsVictimsFailuresAndCost() throws IOException {
        RunBundle a = run(1, ComparisonTest::asItIs);
        RunBundle b = run(2, (sample, random) -> {
            sample.server.coldTrigger = random.nextInt(5) == 0;
            sample.server.coldVictim = !sample.server.coldTrigger && random.nextInt(5) == 0;
            sample.server.billedMs = 20;
            sample.server.unbilledInitMs = 100;
        });
        Comparison comparison = compare(a, b);

        assertThat(finding(comparison, "coldStarts").estimate().a()).isZero();
        assertThat(finding(comparison, "coldStarts").estimate().b()).isCloseTo(0.2, within(0.03));
        assertThat(finding(comparison, "coldStarts").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(finding(comparison, "victims").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(finding(comparison, "gbSeconds").estimate().ratio()).isCloseTo(2, within(1e-9));
        // 0.20 USD a million for requests, and 128 MB for 10 ms at the mean of both prices.
        double usd = 1e6 * 0.01 / 8 * (0.0000166667 + 0.0000133334) / 2;
        assertThat(finding(comparison, "cost").estimate().a()).isCloseTo(0.2 + usd, within(1e-6));
        Finding withInits = finding(comparison, "cost.sinceAugust2025");
        assertThat(withInits.estimate().a()).isCloseTo(0.2 + usd, within(1e-6));
        assertThat(withInits.estimate().b()).isCloseTo(0.2 + 12 * usd, within(1e-6));
        assertThat(comparison.findings()).noneMatch(each -> each.metric().name().equals("failures"));
        assertThat(new Gate(0.05).stops(comparison))
                .extracting(stop -> stop.finding().metric().name())
                .contains("coldStarts", "victims", "cost");
        // Priced as little as in its own summary.
        ObjectNode onProvisioned = (ObjectNode) b.summary().deepCopy();
        ((ObjectNode) onProvisioned.path("costUsd")).put("provisionedInvocations", 5);
        assertThat(compare(a, new RunBundle(b.directory(), b.manifest(), onProvisioned))
                        .findings())
                .anyMatch(each -> each.metric().name().equals("gbSeconds"))
                .noneMatch(each -> each.metric().name().startsWith("cost"));
    }

    @Test
    void shouldTakeWholeRunsWhereThereAreSeveral() throws IOException {
        List<RunBundle> a = new ArrayList<>();
        List<RunBundle> b = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            a.add(run(i, ComparisonTest::asItIs));
            b.add(run(100 + i, (sample, _) -> slow(sample, 1.5)));
        }
        ComparisonSettings few = new ComparisonSettings(
                UnitChoice.AUTO, false, Set.of("latency.p50", "latency.p99"), null, 0, 1, 500, 4999);
        Comparison comparison = Comparison.of(a, b, few);

        assertThat(comparison.design().a()).isEqualTo(5);
        assertThat(comparison.findings())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.verdict()).isEqualTo(Verdict.WORSE));
        ComparisonSettings byFunction =
                new ComparisonSettings(UnitChoice.AUTO, false, Set.of("function.latency.p50"), null, 0, 1, 500, 4999);
        Finding mean = finding(Comparison.of(a, b, byFunction), "function.latency.p50, geometric mean");
        assertThat(mean.verdict()).isEqualTo(Verdict.WORSE);
        assertThat(mean.estimate().smallestP()).isEqualTo(comparison.design().smallestP());
        Comparison two = Comparison.of(a.subList(0, 2), b.subList(0, 2), few);
        assertThat(two.findings()).allSatisfy(each -> {
            assertThat(each.verdict()).isEqualTo(Verdict.UNDECIDED);
            assertThat(each.detectable()).isNaN();
        });
        assertThat(two.notes()).anyMatch(note -> note.startsWith("Too few units"));
        assertThat(new Gate(0.05).canStop(two)).isFalse();
        JsonNode gate = ComparisonJson.tree(two, new Gate(0.05)).path("gate");
        assertThat(gate.path("passes").isNull()).isTrue();
        assertThat(new Gate(0.05).pairsNeeded(two)).isEqualTo(Design.pairsFor(0.01 / 2));
        assertThat(new Gate(0.05).canStop(compare(a.getFirst(), b.getFirst()))).isTrue();
        assertThat(new ComparisonTable(two).text()).contains("nothing");
        assertThatThrownBy(() -> Comparison.of(
                        a,
                        b.subList(0, 3),
                        new ComparisonSettings(UnitChoice.RUNS, true, Set.of(), null, 0, 1, 10, 10)))
                .hasMessage("--paired: 5 runs of A and 3 of B, must be as many");
    }

    @Test
    void shouldNameWhatDiffersAndRefuseEmulatedAgainstNative() throws IOException {
        RunBundle a = run("a", 1, false, Map.of("rate", "100", "keepAliveMs", "1000"), ComparisonTest::asItIs);
        RunBundle b = run("b", 2, false, Map.of("rate", "200", "keepAliveMs", "2000"), ComparisonTest::asItIs);
        RunBundle emulated = run("c", 3, true, Map.of("rate", "100"), ComparisonTest::asItIs);
        RunBundle trace = run("d", 4, false, Map.of("trace", "t.csv", "trace.sha256", "12"), ComparisonTest::asItIs);
        RunBundle other = run("e", 5, false, Map.of("trace", "t.csv", "trace.sha256", "34"), ComparisonTest::asItIs);
        RunBundle moved = run("f", 6, false, Map.of("trace", "u.csv", "trace.sha256", "12"), ComparisonTest::asItIs);

        assertThat(compare(a, b).differences())
                .extracting(Difference::what, Difference::a, Difference::b, Difference::matters)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("rate", "100", "200", true),
                        org.assertj.core.groups.Tuple.tuple("keepAliveMs", "1000", "2000", false));
        assertThat(compare(trace, other).differences())
                .containsExactly(new Difference("trace.sha256", "12", "34", true));
        assertThat(compare(trace, moved).differences())
                .as("the same, by another name")
                .containsExactly(new Difference("trace", "t.csv", "u.csv", false));
        assertThatThrownBy(() -> compare(a, emulated))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ran emulated")
                .hasMessageContaining("emulated speed says nothing about a processor");
        assertThat(compare(emulated, emulated).notes()).anyMatch(note -> note.startsWith("All runs are emulated"));
    }

    @Test
    void shouldSayTheSameFromLogsAsFromRows() throws IOException {
        RunBundle a = run(1, ComparisonTest::asItIs);
        RunBundle b = run(2, (sample, _) -> slow(sample, 1.2));
        Comparison fromRows = compare(a, b);
        Files.delete(a.directory().resolve(RunBundle.ROWS));
        Files.delete(b.directory().resolve(RunBundle.ROWS));
        Comparison fromLogs = compare(a, b);

        for (String metric : List.of("latency.p50", "latency.p99", "phase.invoke.p50", "lateness.p99")) {
            assertThat(finding(fromLogs, metric).estimate().a())
                    .as(metric)
                    .isEqualTo(finding(fromRows, metric).estimate().a());
            assertThat(finding(fromLogs, metric).verdict())
                    .isEqualTo(finding(fromRows, metric).verdict());
        }
        assertThat(fromLogs.cells().keySet()).containsExactly("echo", "resize");
    }

    @Test
    void shouldNameTheFileThatIsCutOff() throws IOException {
        RunBundle a = run(1, ComparisonTest::asItIs);
        Path rows = a.directory().resolve(RunBundle.ROWS);
        byte[] whole = Files.readAllBytes(rows);
        Files.write(rows, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> compare(a, a))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(rows + ":")
                .hasMessageNotContaining("Exception");
    }

    @Test
    void shouldAgreeWithTheSummaryOfEachRun() throws IOException {
        RunBundle a = run(1, ComparisonTest::asItIs);
        RunBundle b = run(2, ComparisonTest::asItIs);
        Comparison comparison = compare(a, b);

        JsonNode latency = a.summary().path("latencyUs").path("fromIntended");
        assertThat(finding(comparison, "latency.p50").estimate().a())
                .isCloseTo(latency.path("p50").asDouble(), within(0.01));
        assertThat(finding(comparison, "latency.p99").estimate().a())
                .isCloseTo(latency.path("p99").asDouble(), within(0.01));
        assertThat(finding(comparison, "latency.max").estimate().a())
                .isCloseTo(latency.path("max").asDouble(), within(0.01));
        assertThat(finding(comparison, "latency.mean").estimate().a())
                .isCloseTo(latency.path("mean").asDouble(), within(0.01));
    }

    @Test
    void shouldWriteEverythingForScriptsAndPeople() throws IOException {
        Comparison comparison = compare(run(1, ComparisonTest::asItIs), run(2, (sample, _) -> slow(sample, 1.2)));
        JsonNode json = ComparisonJson.tree(comparison, new Gate(0.05));

        assertThat(json.path("gate").path("passes").asBoolean()).isFalse();
        assertThat(json.path("metrics").path(0).path("metric").asString()).isEqualTo("latency.p50");
        assertThat(json.path("metrics").path(0).path("verdict").asString()).isEqualTo("worse");
        assertThat(json.path("rows").size()).isEqualTo(4);
        assertThat(ComparisonJson.text(comparison, null)).isEqualTo(ComparisonJson.text(comparison, null));
        String page = new ComparisonTable(comparison).markdown();
        assertThat(page.lines().filter(line -> line.startsWith("| latency.p50 |")))
                .singleElement()
                .asString()
                .contains("worse");
        assertThat(ComparisonTable.lines(new Gate(0.05), new Gate(0.05).stops(comparison)))
                .anyMatch(line -> line.startsWith("over the gate: latency.p50 is 1"));
    }

    @Test
    void shouldCompareBenchmarksByNameAndWay() throws IOException {
        RunBundle a = jmh("a", 1);
        RunBundle b = jmh("b", 1.3);
        Comparison comparison = compare(a, b);

        assertThat(comparison.cells().keySet()).containsExactly("x.Y.fast size=10", "x.Y.slow");
        assertThat(comparison.cells().get("x.Y.slow"))
                .singleElement()
                .satisfies(each -> assertThat(each.verdict()).isEqualTo(Verdict.WORSE));
        assertThat(comparison.cells().get("x.Y.fast size=10"))
                .singleElement()
                .satisfies(each -> assertThat(each.verdict()).isEqualTo(Verdict.BETTER));
        assertThat(new Gate(0.05).stops(comparison)).extracting(Gate.Stop::row).containsExactly("x.Y.slow");
        ComparisonSettings some =
                new ComparisonSettings(UnitChoice.AUTO, false, Set.of(), Pattern.compile("fast"), 0, 1, 500, 999);
        assertThat(Comparison.of(List.of(a), List.of(b), some).cells()).hasSize(1);
        assertThatThrownBy(() -> compare(a, run(1, ComparisonTest::asItIs))).hasMessageContaining("nothing in common");
    }

    @Test
    void shouldNameBenchmarksThatTheTwoSidesTellInOtherUnits() throws IOException {
        RunBundle a = jmh("a", 1);
        RunBundle b = jmh("b", 1, text -> text.replace("\"us/op\"", "\"ms/op\""));
        RunBundle c =
                jmh("c", 1, text -> text.replace("\"us/op\"", "\"ops/us\"").replace("avgt", "thrpt"));

        assertThat(compare(a, b).cells().keySet()).containsExactly("x.Y.fast size=10");
        assertThat(compare(a, b).notes())
                .contains("In other units on the other side, and left out: x.Y.slow time (us/op of A, ms/op of B).");
        assertThat(compare(a, c).notes())
                .contains("In other units on the other side, and left out:"
                        + " x.Y.slow (time in us/op of A, throughput in ops/us of B).");
        assertThat(compare(a, a).notes()).noneMatch(note -> note.contains("other units"));
        RunBundle none = jmh("d", 1, text -> text.replace("us", "ms"));
        assertThatThrownBy(() -> compare(a, none))
                .hasMessageStartingWith("compare: the two sides tell nothing in common: In other units")
                .hasMessageContaining("x.Y.fast size=10 throughput (ops/us of A, ops/ms of B)");
    }

    @Test
    void shouldStopOneBenchmarkOfManyThatGotSlower() throws IOException {
        ComparisonSettings defaults = ComparisonSettings.defaults();
        Comparison comparison = Comparison.of(List.of(many("a", 1, 60)), List.of(many("b", 1.3, 62)), defaults);

        assertThat(comparison.cells()).hasSize(60);
        assertThat(comparison.notes()).contains("Rows on one side only, and left out: 0 of A, 2 of B.");
        assertThat(new Gate(0.05).stops(comparison)).extracting(Gate.Stop::row).containsExactly("x.Y.b7");
        assertThat(comparison.cells().get("x.Y.b8"))
                .singleElement()
                .satisfies(each -> assertThat(each.couldShowNothing()).isFalse());
    }

    /** All alike but the seventh. */
    private RunBundle many(String name, double factor, int count) throws IOException {
        List<String> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add("""
                    {"benchmark":"x.Y.b%d","mode":"avgt","threads":1,
                     "primaryMetric":{"score":1,"scoreUnit":"us/op","rawData":%s},"secondaryMetrics":{}}
                    """.formatted(i, rawData(i == 7 ? factor : 1)));
        }
        return RunBundle.load(JmhBundle.write(name, "thaw jmh", results.toString(), runs));
    }

    private RunBundle jmh(String name, double factor) throws IOException {
        return jmh(name, factor, text -> text);
    }

    private RunBundle jmh(String name, double factor, UnaryOperator<String> change) throws IOException {
        String slow = rawData(factor);
        String json = """
                [{"benchmark":"x.Y.slow","mode":"avgt","threads":1,
                  "primaryMetric":{"score":1,"scoreUnit":"us/op","rawData":%s},"secondaryMetrics":{}},
                 {"benchmark":"x.Y.fast","mode":"thrpt","threads":1,"params":{"size":"10"},
                  "primaryMetric":{"score":1,"scoreUnit":"ops/us","rawData":%s},"secondaryMetrics":{}}]
                """.formatted(slow, slow);
        return RunBundle.load(JmhBundle.write(name, "thaw jmh", change.apply(json), runs));
    }

    /** One fork of twelve iterations. */
    private static String rawData(double factor) {
        StringBuilder text = new StringBuilder("[[");
        for (int i = 0; i < 12; i++) {
            text.append(i == 0 ? "" : ",").append(factor * (1 + 0.01 * (i * 5 % 7)));
        }
        return text.append("]]").toString();
    }
}
