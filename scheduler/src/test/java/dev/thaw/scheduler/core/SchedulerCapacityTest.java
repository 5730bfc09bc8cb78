package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import dev.thaw.scheduler.policy.UnlimitedScaling;
import org.junit.jupiter.api.Test;

/** Room: hosts, eviction, the fleet-wide line for it. */
final class SchedulerCapacityTest {
    private static final long NS_PER_MS = SchedulerBed.NS_PER_MS;

    @Test
    void shouldEvictTheLeastRecentlyUsedAndCreateOnceItIsGone() {
        SchedulerBed bed = SchedulerBed.with(2, 3);
        bed.warmUp(0, "1.0");
        bed.warmUp(1, "1.1");

        Invocation invocation = bed.invoke(2);
        assertThat(bed.commands()).containsExactly("destroy 1.0 EVICTED");
        assertThat(bed.scheduler.counts().evicted()).isEqualTo(1);
        bed.atMs = 9;
        bed.destroyed("1.0");
        assertThat(bed.commands()).containsExactly("create 1.2 for f2 on h0");
        bed.init("1.2");
        bed.response("1.2");

        assertThat(invocation.phaseNs(Phase.QUEUE)).isEqualTo(9 * NS_PER_MS);
        assertThat(invocation.coldTrigger()).isTrue();
    }

    @Test
    void shouldNotEvictWhatWouldNotMakeEnoughRoom() {
        SchedulerBed bed = SchedulerBed.with(2, 2);
        int large = bed.scheduler.addFunction(new FunctionSpec("large", 2_048, 3_000 * NS_PER_MS));
        bed.warmUp(0, "1.0");
        bed.invoke(1);
        bed.init("1.1");
        bed.commands();

        bed.invoke(large);
        assertThat(bed.commands()).isEmpty();
        bed.finish("1.1");

        assertThat(bed.commands())
                .containsExactly("complete i1 RESPONSE", "destroy 1.0 EVICTED", "destroy 1.1 EVICTED");
        bed.destroyed("1.1");
        assertThat(bed.commands()).isEmpty();
        bed.destroyed("1.0");
        assertThat(bed.commands()).containsExactly("create 1.2 for f2 on h0");
    }

    @Test
    void shouldBoundCpuAsWellAsMemory() {
        SchedulerBed bed = new SchedulerBed(SchedulerBed.config(), new UnlimitedScaling());
        bed.scheduler.addHost(new HostSpec("h0", 100_000, 1_000));
        bed.scheduler.addFunction(SchedulerBed.function("f0"));

        bed.invoke(0);
        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0");
    }

    /** A machine around a function is not the function's, but is there. */
    @Test
    void shouldCountWhatAnEnvironmentTakesBesideItsFunctionsMemory() {
        SchedulerBed bed = new SchedulerBed(SchedulerBed.config(), new UnlimitedScaling());
        bed.scheduler.addHost(new HostSpec("h0", 1_000, 1_000));
        FunctionSpec small = new FunctionSpec("f0", 128, 3_000 * NS_PER_MS, false, 258);
        bed.scheduler.addFunction(small);

        bed.invoke(0);
        bed.invoke(0);
        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0", "create 1.1 for f0 on h0");
        assertThat(small.milliVcpus()).isEqualTo(72);
    }

    @Test
    void shouldBoundTheNumberOfEnvironments() {
        SchedulerConfig config =
                new SchedulerConfig(10, 600_000 * NS_PER_MS, 10_000 * NS_PER_MS, 100 * NS_PER_MS, 1_000 * NS_PER_MS, 1);
        SchedulerBed bed = SchedulerBed.with(config, 5, 2);
        bed.warmUp(0, "1.0");

        bed.invoke(1);
        assertThat(bed.commands()).containsExactly("destroy 1.0 EVICTED");
        bed.invoke(0);
        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("create 1.1 for f1 on h0");
    }

    @Test
    void shouldGiveRoomInOrderOfArrivalOverAllFunctions() {
        SchedulerBed bed = SchedulerBed.with(1, 3);
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(2);
        bed.invoke(1);
        bed.commands();

        bed.finish("1.0");
        bed.destroyed("1.0");
        bed.init("1.1");

        assertThat(bed.commands())
                .containsExactly(
                        "complete i0 RESPONSE", "destroy 1.0 EVICTED", "create 1.1 for f2 on h0", "dispatch 1.1 i1");
    }

    @Test
    void shouldServeTheOwnFunctionBeforeGivingRoomAway() {
        SchedulerBed bed = SchedulerBed.with(1, 2);
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(1);
        bed.invoke(0);
        bed.commands();

        bed.finish("1.0");
        assertThat(bed.commands()).containsExactly("complete i0 RESPONSE", "dispatch 1.0 i2");
        bed.finish("1.0");
        assertThat(bed.commands()).containsExactly("complete i2 RESPONSE", "destroy 1.0 EVICTED");
    }

    @Test
    void shouldRefuseWhoWaitedTooLongForRoom() {
        SchedulerBed bed = SchedulerBed.with(1, 2);
        bed.invoke(0);
        bed.init("1.0");
        bed.atMs = 50;
        Invocation waiting = bed.invoke(1);
        bed.commands();

        assertThat(bed.nextDeadlineMs()).isEqualTo(1_050);
        bed.pollAt(1_049);
        assertThat(bed.commands()).isEmpty();
        assertThat(bed.pollAt(1_050)).isEqualTo(1);

        assertThat(bed.commands()).containsExactly("refuse i1 NO_CAPACITY");
        assertThat(waiting.phaseNs(Phase.QUEUE)).isEqualTo(1_000 * NS_PER_MS).isEqualTo(waiting.totalNs());
        assertThat(bed.scheduler.counts().waiting()).isZero();
    }

    @Test
    void shouldRefuseAtOnceWhatNoHostCouldEverHold() {
        SchedulerBed bed = SchedulerBed.with(1, 0);
        int large = bed.scheduler.addFunction(new FunctionSpec("large", 2_048, 3_000 * NS_PER_MS));

        bed.invoke(large);

        assertThat(bed.commands()).containsExactly("refuse i0 NEVER_FITS");
    }

    @Test
    void shouldCallOffAStartThatWasOnlyPromised() {
        SchedulerBed bed = SchedulerBed.with(2, 2);
        bed.warmUp(0, "1.0");
        bed.invoke(1);
        bed.init("1.1");
        bed.commands();

        bed.invoke(1);
        assertThat(bed.commands()).containsExactly("destroy 1.0 EVICTED");
        bed.finish("1.1");
        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("complete i1 RESPONSE", "dispatch 1.1 i2");
    }

    @Test
    void shouldGiveRoomToTheNextWhenTheFirstIsServedElsewhere() {
        SchedulerBed bed = new SchedulerBed(SchedulerBed.config(), new UnlimitedScaling());
        bed.scheduler.addHost(new HostSpec("h0", 1_536, 100_000));
        bed.scheduler.addFunction(SchedulerBed.function("f0"));
        bed.scheduler.addFunction(new FunctionSpec("small", 512, 3_000 * NS_PER_MS));
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(0);
        bed.invoke(1);
        bed.commands();

        bed.finish("1.0");

        assertThat(bed.commands())
                .containsExactlyInAnyOrder("complete i0 RESPONSE", "create 1.1 for f1 on h0", "dispatch 1.0 i1");
    }

    @Test
    void shouldSpreadOverHostsByFreeMemory() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.scheduler.addHost(new HostSpec("h1", 3 * 1_024, 100_000));
        for (int invocation = 0; invocation < 5; invocation++) {
            bed.invoke(0);
        }

        assertThat(bed.commands())
                .containsExactly(
                        "create 1.0 for f0 on h1",
                        "create 1.1 for f0 on h0",
                        "create 1.2 for f0 on h1",
                        "create 1.3 for f0 on h0",
                        "create 1.4 for f0 on h1");
    }
}
