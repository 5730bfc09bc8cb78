package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The end of a version's revision while invocations run (docs/specification.md, "Versions and concurrency at work"). */
final class SchedulerRetireTest {
    private final SchedulerBed bed = SchedulerBed.with(20, 2);

    private void retire() {
        bed.scheduler.retire(0, bed.now());
    }

    @Test
    void shouldDestroyIdleEnvironmentsAtOnceAndBusyOnesOnceTheyAreFree() {
        bed.warmUp(0, "1.0");
        bed.invoke(0);
        bed.invoke(0);
        bed.init("1.1");
        bed.finish("1.1");
        bed.commands();

        retire();
        assertThat(bed.commands()).containsExactly("destroy 1.1 RETIRED");
        assertThat(bed.scheduler.isGone(0)).isFalse();

        bed.destroyed("1.1");
        bed.finish("1.0");
        assertThat(bed.commands()).containsExactly("complete i1 RESPONSE", "destroy 1.0 RETIRED");
        assertThat(bed.scheduler.isGone(0)).isFalse();
        bed.destroyed("1.0");
        assertThat(bed.scheduler.isGone(0)).isTrue();
        assertThat(bed.scheduler.isGone(1)).isFalse();
    }

    @Test
    void shouldServeWhatItHasAcceptedAndRefuseWhatComesLater() {
        bed.invoke(0);
        bed.commands();
        retire();
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("refuse i1 RETIRED");

        bed.init("1.0");
        bed.finish("1.0");

        assertThat(bed.commands()).containsExactly("dispatch 1.0 i0", "complete i0 RESPONSE", "destroy 1.0 RETIRED");
    }

    @Test
    void shouldStartAnotherEnvironmentForWhatItHasAccepted() {
        bed.invoke(0);
        retire();
        bed.destroyed("1.0");
        bed.init("2.0");
        bed.finish("2.0");

        assertThat(bed.commands())
                .containsExactly(
                        "create 1.0 for f0 on h0",
                        "create 2.0 for f0 on h0",
                        "dispatch 2.0 i0",
                        "complete i0 RESPONSE",
                        "destroy 2.0 RETIRED");
    }

    @Test
    void shouldEndStartsThatNobodyCountsOn() {
        bed.warmUp(0, "1.0");
        bed.invoke(0);
        bed.invoke(0);
        bed.finish("1.0");
        bed.commands();

        retire();

        assertThat(bed.commands()).containsExactly("destroy 1.1 RETIRED");
        bed.finish("1.0");
        assertThat(bed.commands()).containsExactly("complete i2 RESPONSE", "destroy 1.0 RETIRED");
    }

    @Test
    void shouldGiveItsRoomToWhoWaits() {
        SchedulerBed small = SchedulerBed.with(1, 2);
        small.invoke(0);
        small.init("1.0");
        small.invoke(1);
        small.scheduler.retire(0, small.now());
        small.commands();

        small.finish("1.0");
        small.destroyed("1.0");

        assertThat(small.commands())
                .containsExactly("complete i0 RESPONSE", "destroy 1.0 RETIRED", "create 1.1 for f1 on h0");
    }

    @Test
    void shouldEndProvisionedConcurrencyToo() {
        bed.provision(0, 2);
        bed.init("1.0");
        bed.commands();

        retire();

        assertThat(bed.commands()).containsExactlyInAnyOrder("destroy 1.0 RETIRED", "destroy 1.1 RETIRED");
        assertThat(bed.scheduler.provisioned(0).allocated()).isZero();
    }
}
