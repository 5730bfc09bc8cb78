package dev.thaw.scheduler.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.KeepAlivePolicy;
import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.FixedTtlKeepAlive;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The simulation and {@link PlainFleet}, which shares no code with it, tell the same story of small random traces. */
final class SimulationAgreementTest {
    private static final long MS = 1_000_000;
    private static final int PLENTY = 4_000_000;
    private static final List<String> KEEP_ALIVE = List.of("lru", "greedy-dual", PlainPolicies.HYBRID);
    private static final List<String> QUEUEING =
            List.of("fifo", "shortest-expected", "earliest-deadline", "weighted-fair");

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void shouldAgreeEventByEvent(@ForAll long seed) {
        assertAgreement(seed, draw(new SplittableRandom(seed), PLENTY, "fixed-ttl", "fifo"));
    }

    /** Two are created at the same instant, and both inits reach their limit: whose timer goes off first decides who is cold. */
    @Test
    void shouldAgreeWhereTimersAreEquallyOld() {
        shouldAgreeEventByEvent(127_646_252);
    }

    /** One that came later is before another of its function in the line for room, and causes one environment, not two. */
    @Test
    void shouldAgreeWhereALaterOneIsGivenRoomFirst() {
        shouldAgreeUnderEveryPolicy(7_248_455_654_986_187_615L);
        shouldAgreeUnderEveryPolicy(-3_800_449_481_884_348_667L);
    }

    /**
     * With a CPU that is too small, where both round: to a few ns, over seeds that do not change, because what is that close
     * together may come in another order.
     */
    @Property(tries = 300, seed = "42", shrinking = ShrinkingMode.OFF)
    void shouldAgreeWhereTheCpuIsShared(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PlainWorld world = draw(random, random.nextInt(100, 2_000), "fixed-ttl", "fifo");
        List<String> simulated = simulate(world);
        List<String> plain = sorted(new PlainFleet(world, false).run());

        assertThat(whats(simulated)).as("seed %s: %s", seed, world).isEqualTo(whats(plain));
        for (int line = 0; line < plain.size(); line++) {
            assertThat(whenNs(simulated.get(line)) - whenNs(plain.get(line)))
                    .as("seed %s: %s", seed, simulated.get(line))
                    .isBetween(-200L, 200L);
        }
    }

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void shouldAgreeUnderEveryPolicy(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String keepAlive = KEEP_ALIVE.get(random.nextInt(KEEP_ALIVE.size()));
        String queueing = QUEUEING.get(random.nextInt(QUEUEING.size()));
        assertAgreement(seed, draw(random, PLENTY, keepAlive, queueing));
    }

    /** Whose timer comes first of two that are equally old is nobody's promise: one of both orders agrees. */
    private static void assertAgreement(long seed, PlainWorld world) {
        List<String> simulated = simulate(world);
        List<String> plain = sorted(new PlainFleet(world, false).run());
        List<String> other = simulated.equals(plain) ? plain : sorted(new PlainFleet(world, true).run());

        assertThat(simulated).as("seed %s: %s", seed, world).isEqualTo(simulated.equals(other) ? other : plain);
    }

    /** Guards against agreement because policies make no difference. */
    @Test
    void shouldMakeADifferenceWhichPolicyItIs() {
        KEEP_ALIVE.forEach(keepAlive -> assertThat(differing(keepAlive, "fifo")).isGreaterThan(20));
        QUEUEING.stream()
                .filter(queueing -> !queueing.equals("fifo"))
                .forEach(
                        queueing -> assertThat(differing("fixed-ttl", queueing)).isPositive());
    }

    /** Of 100 worlds, those that go another way than with a fixed time and who came first. */
    private static int differing(String keepAlive, String queueing) {
        int differing = 0;
        for (long seed = 0; seed < 100; seed++) {
            List<String> standard = simulate(draw(new SplittableRandom(seed), PLENTY, "fixed-ttl", "fifo"));
            List<String> other = simulate(draw(new SplittableRandom(seed), PLENTY, keepAlive, queueing));
            differing += standard.equals(other) ? 0 : 1;
        }
        return differing;
    }

    /** Guards against agreement because nothing happens. */
    @Test
    void shouldReachEveryKindOfEnding() {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 300; seed++) {
            simulate(draw(new SplittableRandom(seed), PLENTY, "fixed-ttl", "fifo"))
                    .forEach(line -> seen.addAll(List.of(line.split(" ", -1))));
        }

        assertThat(seen)
                .contains("RESPONSE", "TIMED_OUT", "RUNTIME_EXITED", "INIT_FAILED", "NO_CAPACITY")
                .contains("CONCURRENT_INVOCATION_LIMIT_EXCEEDED", "cold", "again", "created", "destroyed");
    }

    private static List<String> whats(List<String> lines) {
        return lines.stream().map(line -> line.substring(line.indexOf(' '))).toList();
    }

    private static long whenNs(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }

    private static List<String> sorted(List<String> lines) {
        List<String> sorted = new ArrayList<>(lines);
        sorted.sort(Comparator.comparingLong(SimulationAgreementTest::whenNs).thenComparing(Comparator.naturalOrder()));
        return sorted;
    }

    private static PlainWorld draw(SplittableRandom random, int cpu, String keepAlive, String queueing) {
        List<PlainWorld.Function> functions = new ArrayList<>();
        int count = random.nextInt(1, 5);
        for (int function = 0; function < count; function++) {
            int memoryMib = (int) one(random, 128, 256, 1_000, 1_769);
            functions.add(new PlainWorld.Function(
                    memoryMib,
                    memoryMib * 1_000 / 1_769,
                    random.nextLong(1_000 * MS, 3_000 * MS),
                    random.nextLong(50 * MS),
                    random.nextLong(80 * MS),
                    random.nextInt(6) == 0 ? random.nextLong(400 * MS) : random.nextLong(80 * MS),
                    1_000,
                    random.nextLong(10 * MS),
                    random.nextLong(30 * MS),
                    random.nextInt(3) == 0 ? random.nextLong(50 * MS) : 0,
                    random.nextInt(8) == 0,
                    random.nextInt(8) == 0));
        }
        return new PlainWorld(
                random.nextInt(1, 12),
                one(random, random.nextLong(300 * MS), random.nextLong(3_000 * MS), 1_000_000 * MS),
                200 * MS + random.nextLong(MS),
                one(random, random.nextLong(1, 100 * MS), 1_000_000_000 * MS),
                one(random, random.nextLong(1, 300 * MS), 1_000_000 * MS),
                random.nextInt(1_769, 6_000),
                cpu,
                keepAlive,
                queueing,
                functions,
                drawArrivals(random, count));
    }

    /**
     * Some come at the same instant, but not of the same function: whose timer comes first of two that are equally old is
     * nobody's promise.
     */
    private static List<PlainWorld.Arrival> drawArrivals(SplittableRandom random, int functions) {
        List<PlainWorld.Arrival> arrivals = new ArrayList<>();
        long gap = one(random, MS, 20 * MS, 200 * MS, 1_000 * MS);
        long at = 0;
        int last = functions;
        int count = random.nextInt(1, 60);
        for (int arrival = 0; arrival < count; arrival++) {
            int function = random.nextInt(functions);
            at += function > last && random.nextBoolean() ? 0 : random.nextLong(1, gap);
            last = function;
            boolean tooLong = random.nextInt(12) == 0;
            long work = tooLong ? random.nextLong(1_000 * MS, 4_000 * MS) : random.nextLong(1, 150 * MS);
            arrivals.add(new PlainWorld.Arrival(at, function, work));
        }
        return arrivals;
    }

    private static long one(SplittableRandom random, long... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static List<String> simulate(PlainWorld world) {
        SchedulerConfig config = new SchedulerConfig(
                world.account(), world.keepAlive(), world.initLimit(), world.freezeDelay(), world.roomWait(), 1_000);
        VirtualHost host = new VirtualHost(new HostSpec("h", world.memoryMib(), PLENTY), world.cpu());
        List<FunctionModel> functions = IntStream.range(0, world.functions().size())
                .mapToObj(at -> model("f" + at, world.functions().get(at)))
                .toList();
        SimulationPlan plan = new SimulationPlan(config, List.of(host), functions, 1);
        SimulationBed.Log log = new SimulationBed.Log();
        new Simulation(plan, policies(world), log)
                .run(SimulationBed.arrivals(world.arrivals().stream()
                        .map(arrival -> new SimulationBed.Arrival(arrival.at(), arrival.function(), arrival.work()))
                        .toList()));
        return sorted(log.lines);
    }

    private static Policies policies(PlainWorld world) {
        boolean fixed = world.keepAlivePolicy().equals("fixed-ttl");
        KeepAlivePolicy keepAlive =
                fixed ? new FixedTtlKeepAlive(world.keepAlive()) : PolicyCatalogue.keepAlive(world.keepAlivePolicy());
        Policies standard = PolicyCatalogue.standard(0);
        return new Policies(
                standard.placement(), keepAlive, PolicyCatalogue.queueing(world.queueing()), standard.scaling());
    }

    private static FunctionModel model(String name, PlainWorld.Function function) {
        EnvironmentModel environment = EnvironmentModel.of(
                new DurationModel.Constant(function.create()),
                new DurationModel.Constant(function.initRuntime()),
                new DurationModel.Constant(function.initFunction()),
                function.initQuota(),
                new DurationModel.Constant(function.thaw()),
                new DurationModel.Constant(function.reset()),
                DurationModel.NONE);
        WorkModel work = new WorkModel(
                DurationModel.NONE, new DurationModel.Constant(function.overhang()), WorkModel.MEMORY_SHARE);
        return FunctionModel.of(new FunctionSpec(name, function.memoryMib(), function.timeout()), environment, work)
                .with(new FaultModel(0, function.initFails() ? 1 : 0, function.exits() ? 1 : 0, 0));
    }
}
