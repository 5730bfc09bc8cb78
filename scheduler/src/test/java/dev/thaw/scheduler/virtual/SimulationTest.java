package dev.thaw.scheduler.virtual;

import static dev.thaw.scheduler.virtual.SimulationBed.NS_PER_MS;
import static dev.thaw.scheduler.virtual.SimulationBed.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.core.SlotHeap;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import dev.thaw.scheduler.virtual.SimulationBed.Arrival;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand: each kind of time, of CPU and of figure. */
final class SimulationTest {
    private static final EnvironmentModel SLOW =
            EnvironmentModel.of(ms(10), ms(20), ms(30), 1_000, ms(2), ms(5), ms(7));

    private final SimulationBed.Log log = new SimulationBed.Log();
    private SchedulerConfig config = SimulationBed.config(10, 1_000 * NS_PER_MS);

    @Test
    void shouldWalkThroughColdAndWarm() {
        FunctionModel function = FunctionModel.of(SimulationBed.spec("f", 512), SLOW, WorkModel.of(DurationModel.NONE));

        SimulationTotals totals = run(function, Arrival.ms(0, 0, 100), Arrival.ms(500, 0, 1), Arrival.ms(3_000, 0, 1));

        assertThat(log.lines)
                .containsExactly(
                        "0 f0 created",
                        "160000000 f0#0 RESPONSE cold",
                        "501000000 f0#1 RESPONSE",
                        "1501000000 destroyed",
                        "3000000000 f0 created",
                        "3061000000 f0#2 RESPONSE cold");
        assertThat(totals.coldTriggers()).isEqualTo(2).isEqualTo(totals.environmentsCreated());
        assertThat(totals.idleGbS()).isCloseTo(0.5 * (0.340 + 1), within(1e-9));
        assertThat(totals.billedGbS()).isCloseTo(0.5 * (0.100 + 0.001 + 0.001), within(1e-9));
        assertThat(totals.billedInitGbS()).isCloseTo(0.5 * 2 * 0.050, within(1e-9));
        assertThat(totals.hostHours()).isCloseTo((1.508 + 0.061) / 3_600, within(1e-9));
        assertThat(totals.added().getMinValue()).isZero();
        assertThat((double) totals.added().getMaxValue()).isCloseTo(60e6, within(60e3));
    }

    /** 128 MB buy 72 thousandths of a vCPU: the same init takes 1000 / 72 times as long inside an invocation. */
    @Test
    void shouldRepeatInitInsideTheInvocationAtTheSharesPace() {
        FunctionModel function =
                FunctionModel.of(new FunctionSpec("f", 128, 2_000 * NS_PER_MS), SLOW, WorkModel.of(DurationModel.NONE));

        SimulationTotals totals = run(function, Arrival.ms(0, 0, 5_000), Arrival.ms(2_500, 0, 100));

        long initNs = Math.round(50e6 * 1_000 / 72);
        assertThat(log.lines)
                .containsExactly(
                        "0 f0 created",
                        "2060000000 f0#0 TIMED_OUT cold",
                        (2_500 * NS_PER_MS + initNs + 100 * NS_PER_MS) + " f0#1 RESPONSE again");
        assertThat(totals.suppressedInits()).isEqualTo(1);
        assertThat(totals.billedGbS()).isCloseTo(0.125 * (2 + 0.795), within(1e-9));
    }

    @Test
    void shouldTryAFailedInitOnceMoreInsideTheInvocation() {
        FunctionModel function = FunctionModel.of(
                        SimulationBed.spec("f", 1_769), SLOW, WorkModel.of(DurationModel.NONE))
                .with(new FaultModel(0, 1, 0, 0));

        SimulationTotals totals = run(function, Arrival.ms(0, 0, 1));

        // create 10, init 50, reset 5, init again 50
        assertThat(log.lines)
                .containsExactly("0 f0 created", "115000000 destroyed", "115000000 f0#0 INIT_FAILED cold again");
        assertThat(totals.count(Outcome.INIT_FAILED)).isEqualTo(1);
    }

    @Test
    void shouldEndAnInitThatTakesTooLongAndTryItAgainUnderTheTimeout() {
        EnvironmentModel endless = EnvironmentModel.of(ms(0), ms(0), ms(20_000), 1_000, ms(0), ms(0), ms(0));
        FunctionModel function = FunctionModel.of(
                new FunctionSpec("f", 1_769, 30_000 * NS_PER_MS), endless, WorkModel.of(DurationModel.NONE));

        run(function, Arrival.ms(0, 0, 1));

        assertThat(log.lines).containsExactly("0 f0 created", "30001000000 f0#0 RESPONSE cold again");
    }

    @Test
    void shouldFailAsOftenAsTheModelSays() {
        FunctionModel function = FunctionModel.of(
                        SimulationBed.spec("f", 128), EnvironmentModel.NONE, WorkModel.waiting(ms(1)))
                .with(new FaultModel(0.1, 0, 0.2, 0.3));
        SimulationPlan plan = SimulationBed.plan(config, SimulationBed.host(), List.of(function), 5);

        SimulationTotals totals = new Simulation(plan, PolicyCatalogue.standard(0), SimulationListener.NONE)
                .run(new RandomArrivals(5, 20_000, 1e9, 1));

        // Every one creates an environment; one in 100 loses two of them, one in 1000 ends with the third.
        assertThat(totals.count(Outcome.RUNTIME_EXITED) / 20_000.0).isCloseTo(0.2, within(0.01));
        assertThat(totals.count(Outcome.FUNCTION_ERROR) / 20_000.0).isCloseTo(0.3, within(0.01));
        assertThat(totals.count(Outcome.INIT_FAILED) / 20_000.0).isCloseTo(0.001, within(0.001));
        assertThat(totals.environmentsCreated()).isGreaterThan(20_000);
    }

    @Test
    void shouldThawWhatWasFrozen() {
        config = new SchedulerConfig(10, Long.MAX_VALUE, 10_000 * NS_PER_MS, 100 * NS_PER_MS, 0, 10);
        FunctionModel function = FunctionModel.of(SimulationBed.spec("f", 128), SLOW, WorkModel.of(DurationModel.NONE));

        run(function, Arrival.ms(0, 0, 1), Arrival.ms(100, 0, 1), Arrival.ms(300, 0, 1));

        assertThat(log.lines)
                .containsExactly(
                        "0 f0 created",
                        "61000000 f0#0 RESPONSE cold",
                        "101000000 f0#1 RESPONSE",
                        "303000000 f0#2 RESPONSE");
    }

    /** Nothing is reset where the next one goes on from the snapshot again. */
    @Test
    void shouldRestoreInPlaceOfInit() {
        EnvironmentModel snapshots = SLOW.withRestore(ms(15));
        FunctionModel function = FunctionModel.of(
                new FunctionSpec("f", 512, 1_000 * NS_PER_MS, true), snapshots, WorkModel.of(DurationModel.NONE));

        SimulationTotals totals =
                run(function, Arrival.ms(0, 0, 100), Arrival.ms(200, 0, 5_000), Arrival.ms(1_201, 0, 1));

        assertThat(log.lines)
                .containsExactly(
                        "0 f0 created",
                        "125000000 f0#0 RESPONSE cold",
                        "1200000000 destroyed",
                        "1200000000 f0#1 TIMED_OUT",
                        "1201000000 f0 created",
                        "1227000000 f0#2 RESPONSE cold");
        assertThat(totals.billedInitGbS()).isCloseTo(0.5 * 0.030, within(1e-9));
    }

    /** The second host has none yet; whose host has one starts in 4 ms in place of 50. */
    @Test
    void shouldStartFromTheSnapshotOfAHostThatInitialisedTheFunctionBefore() {
        EnvironmentModel environment = SLOW.withLocal(ms(4));
        FunctionModel function =
                FunctionModel.of(SimulationBed.spec("f", 512), environment, WorkModel.waiting(DurationModel.NONE));
        SimulationPlan plan = new SimulationPlan(
                config,
                List.of(
                        new VirtualHost(new HostSpec("a", 512, 100_000), 4_000),
                        new VirtualHost(new HostSpec("b", 512, 100_000), 4_000)),
                List.of(function),
                1);

        SimulationTotals totals = new Simulation(plan, PolicyCatalogue.standard(1_000 * NS_PER_MS), log)
                .run(SimulationBed.arrivals(List.of(
                        Arrival.ms(0, 0, 100),
                        Arrival.ms(1, 0, 100),
                        Arrival.ms(5_000, 0, 1),
                        Arrival.ms(5_000, 0, 1))));

        assertThat(log.lines.stream().filter(line -> line.contains("RESPONSE")))
                .containsExactly(
                        "160000000 f0#0 RESPONSE cold",
                        "161000000 f0#1 RESPONSE cold",
                        "5015000000 f0#2 RESPONSE cold",
                        "5015000000 f0#3 RESPONSE cold");
        assertThat(totals.billedInitGbS()).isCloseTo(0.5 * (0.050 + 0.050 + 0.004 + 0.004), within(1e-9));
    }

    /** Two of 60 ms each want twice the CPU: together until 40 they have done 20 each, and so on. */
    @Test
    void shouldShareAHostThatIsTooSmall() {
        FunctionModel function = FunctionModel.of(
                SimulationBed.spec("f", 1_769), EnvironmentModel.NONE, WorkModel.of(DurationModel.NONE));
        SimulationPlan plan = SimulationBed.plan(config, SimulationBed.host(1_000), List.of(function), 1);

        new Simulation(plan, PolicyCatalogue.standard(0), log)
                .run(SimulationBed.arrivals(
                        List.of(Arrival.ms(0, 0, 20), Arrival.ms(0, 0, 60), Arrival.ms(50, 0, 10))));

        assertThat(log.lines.stream().filter(line -> line.contains("RESPONSE")))
                .containsExactly(
                        "40000000 f0#0 RESPONSE cold", "70000000 f0#2 RESPONSE cold", "90000000 f0#1 RESPONSE cold");
    }

    /** The overhang keeps the environment, not the client. */
    @Test
    void shouldAnswerBeforeTheOverhang() {
        WorkModel work = new WorkModel(DurationModel.NONE, ms(50), WorkModel.MEMORY_SHARE);
        FunctionModel function = FunctionModel.of(SimulationBed.spec("f", 1_024), EnvironmentModel.NONE, work);

        SimulationTotals totals = run(function, Arrival.ms(0, 0, 10), Arrival.ms(20, 0, 10), Arrival.ms(200, 0, 10));

        assertThat(log.lines)
                .containsExactly(
                        "0 f0 created",
                        "10000000 f0#0 RESPONSE cold",
                        "20000000 f0 created",
                        "30000000 f0#1 RESPONSE cold",
                        "210000000 f0#2 RESPONSE");
        assertThat(totals.billedGbS()).isCloseTo(0.180, within(1e-9));
    }

    /** Its sandbox is there after 10 ms, the simulation ends after 40. */
    @Test
    void shouldBillAnInitThatIsUnderWayAtTheEnd() {
        FunctionModel invoked =
                FunctionModel.of(SimulationBed.spec("f", 128), EnvironmentModel.NONE, WorkModel.waiting(ms(40)));
        FunctionModel ahead = FunctionModel.of(SimulationBed.spec("g", 1_024), SLOW, WorkModel.waiting(ms(1)))
                .withProvisioned(1);
        SimulationPlan plan = SimulationBed.plan(config, SimulationBed.host(), List.of(invoked, ahead), 1);

        SimulationTotals totals = new Simulation(plan, PolicyCatalogue.standard(0), log)
                .run(SimulationBed.arrivals(List.of(Arrival.ms(0, 0, 40))));

        assertThat(totals.billedInitGbS()).isCloseTo(0.030, within(1e-9));
    }

    /** 900 s of work on 12,000 times the CPU that there is: more thousandths of a vCPU and ns than 64 bits hold. */
    @Test
    void shouldShareAHostHoweverFarItIsOversubscribed() {
        SlotHeap.Places slots = new SlotHeap.Places();
        slots.ensureSlot(2);
        HostCpus cpus = new HostCpus(List.of(SimulationBed.host(1_000)), slots);
        for (int slot = 0; slot < 3; slot++) {
            cpus.start(0, slot, 900_000 * NS_PER_MS, 4_000_000, 0);
        }

        assertThat(cpus.nextNs()).isEqualTo(12_000L * 900_000 * NS_PER_MS);
    }

    @Test
    void shouldInitialiseProvisionedConcurrencyAhead() {
        FunctionModel function = new FunctionModel(
                SimulationBed.spec("f", 128), 5, 1, SLOW, WorkModel.of(DurationModel.NONE), FaultModel.NONE);

        SimulationTotals totals = run(function, Arrival.ms(100, 0, 10), Arrival.ms(105, 0, 10));

        assertThat(log.lines)
                .containsExactly(
                        "0 f0 created", "105000000 f0 created", "110000000 f0#0 RESPONSE", "120000000 f0#1 RESPONSE");
        assertThat(totals.coldTriggers()).isZero();
    }

    @Test
    void shouldRefuseArrivalsThatGoBack() {
        FunctionModel function =
                FunctionModel.of(SimulationBed.spec("f", 128), EnvironmentModel.NONE, WorkModel.of(DurationModel.NONE));

        assertThatThrownBy(() -> run(function, Arrival.ms(10, 0, 0), Arrival.ms(9, 0, 0)))
                .hasMessage("arrival of function 0 at 9000000 ns, must be of 0..0 and not before 10000000 ns");
        assertThatThrownBy(() -> run(function, Arrival.ms(10, 1, 0))).hasMessageContaining("function 1");
    }

    private SimulationTotals run(FunctionModel function, Arrival... arrivals) {
        SimulationPlan plan = SimulationBed.plan(config, SimulationBed.host(), List.of(function), 1);
        return new Simulation(plan, PolicyCatalogue.standard(config.keepAliveNs()), log)
                .run(SimulationBed.arrivals(List.of(arrivals)));
    }
}
