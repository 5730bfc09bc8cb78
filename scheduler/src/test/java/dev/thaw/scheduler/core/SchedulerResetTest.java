package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import org.junit.jupiter.api.Test;

/**
 * Invocations that meet their function's environment while it is being reset: its init runs inside the next invocation
 * (contract.md section 2.4), so that one waits for it and no other environment is started.
 */
final class SchedulerResetTest {
    private static final long NS_PER_MS = SchedulerBed.NS_PER_MS;

    @Test
    void shouldWaitForTheEnvironmentThatIsBeingReset() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.warmUp(0, "1.0");
        bed.exit("1.0");
        Invocation next = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("reset 1.0 RUNTIME_EXIT");
        assertThat(bed.scheduler.counts().waiting()).isEqualTo(1);

        bed.atMs = 7;
        bed.reset("1.0");
        assertThat(bed.commands()).containsExactly("initialize 1.0 i1");
        bed.atMs = 30;
        bed.ready("1.0");
        bed.response("1.0");

        assertThat(next.suppressedInit()).isTrue();
        assertThat(next.coldTrigger() || next.coldVictim()).isFalse();
        assertThat(next.phaseNs(Phase.QUEUE)).isEqualTo(7 * NS_PER_MS);
        assertThat(next.phaseNs(Phase.SUPPRESSED_INIT)).isEqualTo(23 * NS_PER_MS);
        assertThat(bed.scheduler.counts().created()).isEqualTo(1);
    }

    @Test
    void shouldStartOneForTheSecondThatWaits() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.warmUp(0, "1.0");
        bed.exit("1.0");
        bed.invoke(0);
        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("reset 1.0 RUNTIME_EXIT", "create 1.1 for f0 on h0");
    }

    @Test
    void shouldServeTheFirstInLineAndHandItsStartOn() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(0);
        bed.exit("1.0");
        bed.invoke(0);
        assertThat(bed.commands())
                .endsWith("create 1.1 for f0 on h0", "reset 1.0 RUNTIME_EXIT", "complete i0 RUNTIME_EXITED");

        bed.reset("1.0");
        bed.init("1.1");

        assertThat(bed.commands()).containsExactly("initialize 1.0 i1", "dispatch 1.1 i2");
    }

    @Test
    void shouldBeTakenOverByWhoWaitsForRoomAndLetTheNextHaveIt() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.scheduler.addHost(new HostSpec("h1", 512, 100_000));
        bed.scheduler.addFunction(new FunctionSpec("small", 512, 3_000 * NS_PER_MS));
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(0);
        bed.invoke(1);
        bed.commands();

        bed.exit("1.0");

        assertThat(bed.commands())
                .containsExactly("reset 1.0 RUNTIME_EXIT", "create 1.1 for f1 on h1", "complete i0 RUNTIME_EXITED");
        bed.reset("1.0");
        assertThat(bed.commands()).containsExactly("initialize 1.0 i1");
    }

    @Test
    void shouldCallOffAPromiseForTheEnvironmentThatIsBeingReset() {
        SchedulerBed bed = SchedulerBed.with(2, 2);
        bed.warmUp(1, "1.0");
        bed.invoke(0);
        bed.init("1.1");
        bed.invoke(0);
        assertThat(bed.commands()).endsWith("destroy 1.0 EVICTED");

        bed.exit("1.1");
        bed.destroyed("1.0");
        assertThat(bed.commands()).containsExactly("reset 1.1 RUNTIME_EXIT", "complete i1 RUNTIME_EXITED");
        bed.reset("1.1");
        assertThat(bed.commands()).containsExactly("initialize 1.1 i2");
    }

    @Test
    void shouldStartAnotherWhereTheSandboxIsLostInItsReset() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.warmUp(0, "1.0");
        bed.exit("1.0");
        bed.invoke(0);
        bed.commands();

        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("create 2.0 for f0 on h0");
    }

    @Test
    void shouldForgetALostSandboxThatNobodyWaitedFor() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.warmUp(0, "1.0");
        bed.exit("1.0");
        bed.destroyed("1.0");
        bed.commands();

        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("create 2.0 for f0 on h0");
    }

    @Test
    void shouldRefuseWhoWaitsForAResetWhenShutDown() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.warmUp(0, "1.0");
        bed.exit("1.0");
        bed.invoke(0);
        bed.commands();

        bed.scheduler.shutdown(bed.now());

        assertThat(bed.commands()).containsExactly("refuse i1 SHUTTING_DOWN", "destroy 1.0 SHUTDOWN");
        bed.destroyed("1.0");
        assertThat(bed.scheduler.isTerminated()).isTrue();
    }
}
