package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Orderly shutdown: who runs ends, who waits is refused, nothing is left. */
final class SchedulerShutdownTest {
    @Test
    void shouldBeTerminatedAtOnceWhereNothingExists() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        assertThat(bed.scheduler.isTerminated()).isFalse();

        bed.scheduler.shutdown(0);

        assertThat(bed.scheduler.isTerminated()).isTrue();
    }

    @Test
    void shouldLetRunningInvocationsEndAndDestroyEverythingElse() {
        SchedulerBed bed = SchedulerBed.with(4, 2);
        bed.warmUp(0, "1.0");
        bed.invoke(1);
        bed.init("1.1");
        bed.invoke(1);
        bed.created("1.2");
        bed.commands();

        bed.scheduler.shutdown(bed.now());
        assertThat(bed.commands())
                .containsExactly("refuse i2 SHUTTING_DOWN", "destroy 1.0 SHUTDOWN", "destroy 1.2 SHUTDOWN");
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("refuse i3 SHUTTING_DOWN");
        bed.finish("1.1");
        assertThat(bed.commands()).containsExactly("complete i1 RESPONSE", "destroy 1.1 SHUTDOWN");
        bed.destroyed("1.0");
        bed.destroyed("1.1");
        assertThat(bed.scheduler.isTerminated()).isFalse();
        bed.destroyed("1.2");

        assertThat(bed.scheduler.isTerminated()).isTrue();
        assertThat(bed.nextDeadlineMs()).isEqualTo(-1);
    }

    @Test
    void shouldTimeOutWhatDoesNotEndByItself() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.scheduler.shutdown(bed.now());
        bed.commands();

        bed.pollAt(3_000);

        assertThat(bed.commands()).containsExactly("destroy 1.0 SHUTDOWN", "complete i0 TIMED_OUT");
    }

    @Test
    void shouldCallOffPromisedStarts() {
        SchedulerBed bed = SchedulerBed.with(1, 2);
        bed.warmUp(0, "1.0");
        bed.invoke(1);
        bed.commands();

        bed.scheduler.shutdown(bed.now());
        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("refuse i1 SHUTTING_DOWN");
        assertThat(bed.scheduler.isTerminated()).isTrue();
    }

    @Test
    void shouldEndProvisionedConcurrencyAndStartNoneAnyMore() {
        SchedulerBed bed = SchedulerBed.with(20, 1);
        bed.provision(0, 2);
        bed.init("1.0");
        bed.commands();

        bed.scheduler.shutdown(bed.now());
        bed.provision(0, 3);

        assertThat(bed.commands()).containsExactly("destroy 1.0 SHUTDOWN", "destroy 1.1 SHUTDOWN");
        bed.destroyed("1.0");
        bed.destroyed("1.1");
        assertThat(bed.scheduler.isTerminated()).isTrue();
        assertThat(bed.commands()).isEmpty();
    }
}
