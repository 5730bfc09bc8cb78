package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.cli.plan.PlanQuestion.Choice;
import dev.thaw.cli.plan.PlanQuestion.SizingQuestion;
import dev.thaw.cli.virtual.Cores;
import dev.thaw.cli.virtual.MeasuredModel;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceOptions;
import dev.thaw.results.PlanBundle;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.PlanRun;
import dev.thaw.results.SweepBundle;
import dev.thaw.results.cost.PriceList;
import dev.thaw.results.statistics.BlockBootstrap;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import dev.thaw.scheduler.virtual.SimulationListener;
import dev.thaw.scheduler.virtual.SimulationTotals;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan against simulating every fleet with every setting. */
@Tag("slow")
final class FleetPlannerTest {
    private static final int MAX_HOSTS = 8;
    private static final PlanFigures FIGURES = new PlanFigures(PriceList.X86_64, 0);

    @TempDir
    private Path directory;

    private Path trace = Path.of("");

    @BeforeEach
    void writeTrace() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int row = 0; row < 1_500; row++) {
            int function = (int) (Math.pow(30, random.nextDouble()) - 1);
            rows.append("f").append(function).append(',').append(row * 1_000 + random.nextInt(1_000));
            rows.append(',').append(50 + random.nextInt(3_000)).append(",512\n");
        }
        trace = Files.writeString(directory.resolve("trace.csv"), rows);
    }

    private static Choice choice(String keepAlive, String placement, String provisioned) {
        return Choice.of(
                Map.of("keepAlive", keepAlive, "placement", placement),
                () -> PolicyCatalogue.policies(placement, keepAlive, "fifo", "none"),
                provisioned);
    }

    private PlanQuestion question(String objectives, List<Choice> choices, SizingQuestion sizing) {
        Workload workload = Workload.of(
                Trace.open(trace, TraceFormat.of("auto"), TraceOptions.defaults()),
                MeasuredModel.ofColdStart(400_000_000L),
                List.of(),
                new Workload.Choice(false, false, false));
        return new PlanQuestion(
                workload,
                SchedulerConfig.defaults(),
                host -> new VirtualHost(new HostSpec("host-" + host, 4_096, 40_000), 2_000),
                choices,
                Objectives.parse(objectives),
                MAX_HOSTS,
                1,
                PriceList.X86_64,
                0,
                sizing);
    }

    private static SizingQuestion noSizing() {
        return new SizingQuestion(0, null, List.of(), null, false);
    }

    private PlanRun plan(PlanQuestion question) throws IOException, InterruptedException {
        SweepBundle bundle = SweepBundle.create(PlanBundle.KIND, "plan", "thaw plan", Map.of(), directory);
        return new FleetPlanner(question, bundle, new Cores(2)).run().orElseThrow();
    }

    private static Scenario scenario(PlanQuestion question, Choice choice, int hosts) {
        return new Scenario(
                question.workload(),
                question.config(),
                IntStream.range(0, hosts).mapToObj(question.host()).toList(),
                choice.policies(),
                question.seed());
    }

    /** Hosts, setting, cost. */
    private record Found(int hosts, Map<String, String> names, double usd) {}

    private static Found everything(PlanQuestion question) {
        for (int hosts = 1; hosts <= MAX_HOSTS; hosts++) {
            List<Found> holding = new ArrayList<>();
            for (Choice choice : question.choices()) {
                Scenario scenario = scenario(question, choice, hosts);
                Map<String, Double> figures = FIGURES.of(scenario, scenario.run());
                if (question.objectives().hold(figures)) {
                    holding.add(
                            new Found(hosts, choice.names(), figures.getOrDefault(PlanFigure.USD.key(), Double.NaN)));
                }
            }
            if (!holding.isEmpty()) {
                return holding.stream()
                        .min(Comparator.comparingDouble(Found::usd))
                        .orElseThrow();
            }
        }
        throw new AssertionError(question.objectives() + ": nothing holds");
    }

    @Test
    void shouldFindTheFleetThatSimulatingEverythingFinds() throws IOException, InterruptedException {
        List<Choice> choices = List.of(
                choice("20s", "mru", "none"),
                choice("10m", "mru", "none"),
                choice("lru", "mru", "none"),
                choice("lru", "bin-packing", "none"));
        for (String objectives : List.of("cold<8%", "cold<3%,p99<4s", "added-p90<300ms")) {
            PlanQuestion question = question(objectives, choices, noSizing());

            PlanRun plan = plan(question);

            Found found = everything(question);
            assertThat(plan.holds()).isTrue();
            assertThat(plan.fleet().hosts()).as(objectives).isEqualTo(found.hosts());
            assertThat(plan.fleet().settings()).as(objectives).containsExactlyInAnyOrderEntriesOf(found.names());
            assertThat(plan.fleet().figures()).containsEntry(PlanFigure.USD.key(), found.usd());
            assertThat(plan.oneMore().hosts()).isEqualTo(found.hosts() + 1);
            PlanRun.Fleet fewer = plan.oneFewer();
            if (fewer != null) {
                assertThat(fewer.broken()).as(objectives).isNotEmpty();
            }
            Double low = plan.hosts().low();
            Double high = plan.hosts().high();
            assertThat(low).isNotNull().isLessThanOrEqualTo(plan.hosts().value());
            if (high == null) {
                assertThat(plan.confidence()).contains("none of these do");
            } else {
                assertThat(high).isGreaterThanOrEqualTo(plan.hosts().value());
            }
        }
    }

    @Test
    void shouldTellTheSameFiguresOfAllWindowsAsOfTheWhole() {
        PlanQuestion question = question("cold<8%", List.of(choice("1m", "mru", "none")), noSizing());
        Scenario scenario = scenario(question, question.choices().getFirst(), 3);

        WindowFigures windows = new WindowFigures(
                scenario, FIGURES, Windows.of(20, question.workload().durationNs()));

        int[] once = new int[20];
        Arrays.fill(once, 1);
        assertThat(windows.totals()).isEqualTo(FIGURES.of(scenario, scenario.run()));
        for (PlanFigure figure : PlanFigure.values()) {
            windows.measure(figure)
                    .ifPresent(measure -> assertThat(measure.of(once))
                            .as(figure.key())
                            .isCloseTo(windows.totals().getOrDefault(figure.key(), -1.0), within(1e-9)));
        }
        assertThat(windows.hold(Objectives.parse("cold<100%"), once)).isTrue();
        assertThat(windows.hold(Objectives.parse("cold=0"), once)).isFalse();
    }

    @Test
    void shouldSayWhatNoFleetHoldsAndTheBestThatWasReached() throws IOException, InterruptedException {
        List<Choice> choices = List.of(choice("20s", "mru", "none"), choice("lru", "mru", "none"));

        PlanRun plan = plan(question("cold<0.5%,p50<1s", choices, noSizing()));

        assertThat(plan.holds()).isFalse();
        assertThat(plan.fleet().hosts()).isEqualTo(MAX_HOSTS);
        assertThat(plan.trials()).hasSize(2);
        assertThat(plan.fleet().settings()).containsEntry("keepAlive", "lru");
        assertThat(plan.fleet().broken()).hasSize(2);
        assertThat(plan.impossible())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("cold<0.5%: the first invocation of each function is cold"))
                .anyMatch(line -> line.startsWith("p50<1s: handlers alone work for"));
    }

    @Test
    void shouldHoldWithProvisionedConcurrencyWhatKeepAliveCannot() throws IOException, InterruptedException {
        List<Choice> choices = List.of(choice("lru", "mru", "none"), choice("lru", "mru", "1"));

        PlanRun plan = plan(question("cold<1.8%", choices, noSizing()));

        assertThat(plan.holds()).as(plan.toString()).isTrue();
        assertThat(plan.fleet().settings()).containsEntry("provisioned", "1");
        assertThat(plan.fleet().figures().get(PlanFigure.PROVISIONED_GB_S.key()))
                .isGreaterThan(0);
        assertThat(plan.impossible()).isEmpty();
    }

    private PlanRun sized(@Nullable Double part, boolean smaller) throws IOException, InterruptedException {
        SizingQuestion sizing =
                new SizingQuestion(3, Objectives.parseLatency("p95<2s"), List.of(256, 512, 1024, 1769), part, smaller);
        return plan(question("cold<8%", List.of(choice("lru", "mru", "none")), sizing));
    }

    @Test
    void shouldChooseTheCheapestMemoryThatHolds() throws IOException, InterruptedException {
        PlanRun plan = sized(1.0, true);

        assertThat(plan.memory().functions()).hasSize(3).allSatisfy(each -> {
            assertThat(each.latencyMs().getFirst().value()).isGreaterThan(2_000);
            assertThat(each.latencyMs().getLast().value()).isLessThan(2_000);
            assertThat(each.chosenMib()).isIn(1024, 1769);
            assertThat(each.verdict()).isEqualTo("needed");
        });
        assertThat(plan.memory().together()).isNotNull();
        assertThat(plan.memory().notes()).anyMatch(note -> note.contains("assumed to be CPU"));
    }

    /** The first function has 300 invocations, the others fewer than the 200 that p95 needs. */
    @Test
    void shouldSayHowSureEachMemoryIsOrThatThereAreTooFewData() throws IOException, InterruptedException {
        List<PlanRun.Sizing> functions = sized(1.0, true).memory().functions();

        assertThat(functions)
                .filteredOn(each -> each.tooFew() == null)
                .isNotEmpty()
                .allSatisfy(each -> {
                    assertThat(each.chosenIn().values().stream()
                                    .mapToDouble(share -> share)
                                    .sum())
                            .isCloseTo(1, within(1e-9));
                    assertThat(each.chosenIn().get(each.chosenMib())).isGreaterThan(0.5);
                    assertThat(each.latencyMs()).allSatisfy(FleetPlannerTest::holdsItsValue);
                    assertThat(each.usd()).allSatisfy(FleetPlannerTest::holdsItsValue);
                    holdsItsValue(each.usdRatio());
                    assertThat(each.latencyRatio()).isNotNull();
                    // p50 needs 20 invocations, p99 1,000.
                    assertThat(each.percentilesMs()).containsOnlyKeys("p50", "p99");
                    assertThat(each.percentilesMs().get("p50")).hasSize(2).allSatisfy(FleetPlannerTest::holdsItsValue);
                    assertThat(each.percentilesMs().get("p99")).hasSize(2).allMatch(interval -> interval.low() == null);
                    // In the same draws: what is in both of them cancels out.
                    assertThat(width(each.usdRatio()))
                            .isLessThan(width(each.usd().getLast()));
                });
        assertThat(functions)
                .filteredOn(each -> each.tooFew() != null)
                .isNotEmpty()
                .allSatisfy(each -> {
                    assertThat(each.tooFew()).endsWith(" invocations, must be 200 for p95");
                    assertThat(each.chosenIn()).isEmpty();
                    assertThat(each.latencyMs())
                            .allMatch(interval -> interval.low() == null && interval.high() == null);
                    assertThat(each.usd()).allMatch(interval -> interval.low() == null && interval.high() == null);
                });
    }

    private static void holdsItsValue(PlanRun.@Nullable Interval told) {
        PlanRun.Interval interval = Objects.requireNonNull(told);
        Double low = interval.low();
        Double high = interval.high();
        assertThat(low).isNotNull().isLessThanOrEqualTo(interval.value());
        assertThat(high).isNotNull().isGreaterThanOrEqualTo(interval.value()).isGreaterThan(low);
    }

    /** Of the ends, by factors. */
    private static double width(PlanRun.@Nullable Interval told) {
        PlanRun.Interval interval = Objects.requireNonNull(told);
        Double low = interval.low();
        Double high = interval.high();
        return low == null || high == null ? Double.NaN : high / low;
    }

    /** Cost and latency of a function by windows, all of them once, are those of the whole. */
    @Test
    void shouldTellTheSameFiguresOfAFunctionsWindowsAsOfTheWhole() {
        PlanQuestion question = question("cold<8%", List.of(choice("1m", "mru", "none")), noSizing());
        Scenario scenario = scenario(question, question.choices().getFirst(), 3);
        Map<Integer, Histogram> latency = new TreeMap<>();
        SimulationTotals totals = scenario.prepare(new SimulationListener() {
                    @Override
                    public void ended(Invocation invocation, Outcome outcome, long nowNs) {
                        latency.computeIfAbsent(invocation.functionId(), _ -> new Histogram(3))
                                .recordValue(invocation.totalNs());
                    }
                })
                .run(scenario.workload().walk());
        Windows windows = Windows.of(30, question.workload().durationNs());

        SizeCounts counts = new SizeCounts(scenario, FIGURES, windows, List.copyOf(latency.keySet()));

        latency.forEach((id, histogram) -> {
            SizeOption option = counts.option(id, 0.5, BlockBootstrap.of(30, 10, 1));
            assertThat(option.served()).isEqualTo(histogram.getTotalCount());
            assertThat(option.latencyMs()).isCloseTo(histogram.getValueAtPercentile(50) / 1e6, within(1e-9));
            double usd = FIGURES.usd(scenario.workload().functions().get(id), totals, id, option.served());
            assertThat(option.tails())
                    .extracting(SizeOption.Tail::figure)
                    .containsExactly(PlanFigure.P50, PlanFigure.P99);
            assertThat(option.tails().getLast().ms()).isCloseTo(histogram.getValueAtPercentile(99) / 1e6, within(1e-9));
            assertThat(option.usd()).isEqualTo(usd);
            assertThat(counts.usd(id).ofRange(0, 30, 30)).isCloseTo(usd, within(1e-12));
        });
    }

    @Test
    void shouldChooseNoMemoryWhereNobodyKnowsTheCpu() throws IOException, InterruptedException {
        PlanRun plan = sized(null, true);

        assertThat(plan.memory().functions()).hasSize(3).allSatisfy(each -> {
            assertThat(each.chosenMib()).isEqualTo(512);
            assertThat(each.cpuPart()).isNull();
            assertThat(each.verdict()).startsWith("unknown");
        });
        assertThat(plan.memory().together()).isNull();
        assertThat(plan.memory().notes()).anyMatch(note -> note.contains("neither trace nor model says"));
    }

    @Test
    void shouldRefuseProvisionedConcurrencyThatTheAccountHasNot() {
        PlanQuestion question = question("cold<8%", List.of(choice("lru", "mru", "40")), noSizing());

        assertThatThrownBy(() -> plan(question))
                .hasMessage("--provisioned: 40: "
                        + 40 * question.workload().functions().size()
                        + " of all functions together, must be 900 at most: --account-concurrency 1000 less"
                        + " reservations and what stays for others");
    }

    @Test
    void shouldPriceMemoryWithItsProvisionedConcurrency() throws IOException, InterruptedException {
        PlanRun plan = plan(question(
                "cold<8%",
                List.of(choice("lru", "mru", "1")), new SizingQuestion(100, null, List.of(512), null, false)));

        double all = plan.memory().functions().stream()
                .mapToDouble(each -> each.usd().getFirst().value())
                .sum();
        assertThat(all).isCloseTo(plan.fleet().figures().getOrDefault(PlanFigure.USD.key(), 0.0), within(1e-9));
    }

    private MemorySizing sizing(PlanQuestion question) {
        Scenario asItIs = scenario(question, question.choices().getFirst(), 3);
        PlanIntervals intervals =
                new PlanIntervals(question, question.workload().durationNs());
        return new MemorySizing(question, FIGURES, intervals, asItIs, asItIs.run());
    }

    private static MemorySizing.Size sizeOfAll(int memoryMib, double usd, long served) {
        SizeOption option = new SizeOption(
                memoryMib, 900, usd, served, new SizeOption.Draws(0, new double[0], new double[0]), List.of());
        return new MemorySizing.Size(IntStream.range(0, 30).boxed().collect(Collectors.toMap(id -> id, _ -> option)));
    }

    @Test
    void shouldChooseNoMemoryThatServesLess() {
        MemorySizing sizing = sizing(question(
                "cold<8%",
                List.of(choice("lru", "mru", "none")),
                new SizingQuestion(1, Objectives.parseLatency("p95<9s"), List.of(256), 0.0, true)));

        sizing.learn(List.of(sizeOfAll(512, 2, 100), sizeOfAll(256, 1, 99)));

        assertThat(sizing.describe())
                .singleElement()
                .satisfies(each -> assertThat(each.chosenMib()).isEqualTo(512));
    }

    @Test
    void shouldAssumeTheCpuOfThePresentMemoryToo() {
        MemorySizing sizing = sizing(question(
                "cold<8%",
                List.of(choice("lru", "mru", "none")), new SizingQuestion(1, null, List.of(1_024), 0.0, false)));

        assertThat(sizing.toTry())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.functions())
                        .filteredOn(function -> function.work().milliVcpus() == 0)
                        .hasSize(1));
    }

    @Test
    void shouldGoOnBeyondBothOpenEndsOfTheHosts() {
        assertThat(PlanIntervals.around(9, 11, true, false, 64)).containsExactly(6, 7, 8);
        assertThat(PlanIntervals.around(9, 11, true, true, 64)).containsExactly(8, 12, 13);
        assertThat(PlanIntervals.around(2, 23, true, true, 64)).containsExactly(1, 24);
        assertThat(PlanIntervals.around(2, 23, false, true, 23)).isEmpty();
    }

    @Test
    void shouldTakeLessMemoryForWaitingOnlyWhereThatIsAskedFor() throws IOException, InterruptedException {
        assertThat(sized(0.0, false).memory().functions()).allMatch(each -> each.chosenMib() == 512);
        PlanRun plan = plan(question(
                "cold<8%",
                List.of(choice("lru", "mru", "none")),
                new SizingQuestion(2, Objectives.parseLatency("p95<9s"), List.of(256, 512), 0.0, true)));
        assertThat(plan.memory().functions()).allSatisfy(each -> {
            assertThat(each.chosenMib()).isEqualTo(256);
            assertThat(each.verdict()).isEqualTo("cheaper");
            assertThat(each.usd().getLast().value())
                    .isLessThan(each.usd().getFirst().value());
        });
    }
}
