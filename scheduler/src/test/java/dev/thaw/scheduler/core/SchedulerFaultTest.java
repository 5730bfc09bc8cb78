package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import org.junit.jupiter.api.Test;

/** Timeouts, failed inits, exits and lost sandboxes (contract.md sections 2.1 and 2.4). */
final class SchedulerFaultTest {
    private static final long NS_PER_MS = SchedulerBed.NS_PER_MS;

    @Test
    void shouldEndAnInvocationAtItsTimeoutAndResetTheEnvironment() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.commands();

        assertThat(bed.pollAt(2_999)).isZero();
        assertThat(bed.pollAt(3_000)).isEqualTo(1);

        assertThat(bed.commands()).containsExactly("reset 1.0 TIMEOUT", "complete i0 TIMED_OUT");
        bed.response("1.0");
        bed.ready("1.0");
        assertThat(bed.commands()).isEmpty();
        assertThat(bed.scheduler.counts().stale()).isEqualTo(2);
        assertThat(bed.scheduler.counts().resetting()).isEqualTo(1);
    }

    @Test
    void shouldRepeatInitInsideTheNextInvocationAfterAReset() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.exit("1.0");
        bed.reset("1.0");
        assertThat(bed.commands()).endsWith("dispatch 1.0 i0", "reset 1.0 RUNTIME_EXIT", "complete i0 RUNTIME_EXITED");
        assertThat(bed.nextDeadlineMs()).isEqualTo(600_000);

        bed.atMs = 100;
        Invocation next = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("initialize 1.0 i1");
        bed.atMs = 130;
        bed.ready("1.0");
        assertThat(bed.commands()).containsExactly("dispatch 1.0 i1");
        bed.atMs = 140;
        bed.response("1.0");

        assertThat(next.suppressedInit()).isTrue();
        assertThat(next.coldTrigger() || next.coldVictim()).isFalse();
        assertThat(next.phaseNs(Phase.SUPPRESSED_INIT)).isEqualTo(30 * NS_PER_MS);
        assertThat(next.phaseNs(Phase.INVOKE)).isEqualTo(10 * NS_PER_MS);
        assertThat(next.deadlineNs()).isEqualTo(3_100 * NS_PER_MS);
    }

    @Test
    void shouldHoldTheTimeoutOverSuppressedInitAndInvokeTogether() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.warmUp(0, "1.0");
        bed.exit("1.0");
        bed.reset("1.0");
        bed.invoke(0);
        bed.atMs = 2_000;
        bed.ready("1.0");
        bed.commands();

        bed.pollAt(3_000);

        assertThat(bed.commands()).containsExactly("reset 1.0 TIMEOUT", "complete i1 TIMED_OUT");
    }

    @Test
    void shouldPreferReadyEnvironmentsToThoseThatNeedInit() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.invoke(0);
        bed.invoke(0);
        bed.init("1.0");
        bed.init("1.1");
        bed.finish("1.1");
        bed.finish("1.0");
        bed.exit("1.0");
        bed.reset("1.0");
        bed.commands();

        bed.invoke(0);
        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("dispatch 1.1 i2", "initialize 1.0 i3");
    }

    @Test
    void shouldNotFreezeWhatNeedsInit() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.warmUp(0, "1.0");
        bed.pollAt(100);
        bed.exit("1.0");
        assertThat(bed.commands()).containsExactly("freeze 1.0", "reset 1.0 RUNTIME_EXIT");
        bed.reset("1.0");

        bed.pollAt(600_099);
        assertThat(bed.commands()).isEmpty();
        bed.pollAt(600_100);
        assertThat(bed.commands()).containsExactly("destroy 1.0 KEEP_ALIVE_EXPIRED");
    }

    @Test
    void shouldRepeatAnInitThatExceededItsLimitInsideTheWaitingInvocation() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        Invocation trigger = bed.invoke(0);
        bed.atMs = 5;
        bed.created("1.0");
        bed.connected("1.0");
        bed.commands();

        assertThat(bed.pollAt(10_004)).isZero();
        bed.pollAt(10_005);
        assertThat(bed.commands()).containsExactly("reset 1.0 INIT_TIMEOUT");
        bed.atMs = 10_010;
        bed.reset("1.0");
        assertThat(bed.commands()).containsExactly("initialize 1.0 i0");
        bed.atMs = 10_050;
        bed.ready("1.0");
        bed.response("1.0");

        assertThat(trigger.coldTrigger() && trigger.suppressedInit()).isTrue();
        assertThat(trigger.phaseNs(Phase.INIT_FUNCTION)).isEqualTo(10_005 * NS_PER_MS);
        assertThat(trigger.phaseNs(Phase.SUPPRESSED_INIT)).isEqualTo(40 * NS_PER_MS);
        assertThat(trigger.deadlineNs()).isEqualTo(13_010 * NS_PER_MS);
    }

    @Test
    void shouldEndAnInvocationWhoseRepeatedInitFailsToo() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.created("1.0");
        bed.initFailed("1.0");
        bed.reset("1.0");
        bed.initFailed("1.0");
        assertThat(bed.commands())
                .containsExactly(
                        "create 1.0 for f0 on h0",
                        "reset 1.0 INIT_ERROR",
                        "initialize 1.0 i0",
                        "destroy 1.0 INIT_FAILED",
                        "complete i0 INIT_FAILED");
    }

    /** What the reset keeps may be what init fails of. */
    @Test
    void shouldGiveTheNextInvocationAnotherEnvironmentWhereInitFailedAfterAReset() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.warmUp(0, "1.0");
        bed.exit("1.0");
        bed.reset("1.0");
        bed.invoke(0);
        bed.invoke(0);
        bed.commands();

        bed.exit("1.0");
        assertThat(bed.commands()).containsExactly("destroy 1.0 INIT_FAILED", "complete i1 INIT_FAILED");
        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("create 1.1 for f0 on h0");
    }

    @Test
    void shouldTakeAnExitBeforeReadyForAFailedInit() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.created("1.0");
        bed.exit("1.0");

        assertThat(bed.commands()).endsWith("reset 1.0 INIT_ERROR");
    }

    @Test
    void shouldServeTheLineFromAnEnvironmentThatWasReset() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(0);
        bed.exit("1.0");
        bed.reset("1.0");

        assertThat(bed.commands()).endsWith("complete i0 RUNTIME_EXITED", "initialize 1.0 i1");
    }

    @Test
    void shouldResetWithoutASecondAnswerWhereTheOverhangExceedsTheTimeout() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.response("1.0");
        bed.commands();

        bed.pollAt(3_000);

        assertThat(bed.commands()).containsExactly("reset 1.0 TIMEOUT");
    }

    @Test
    void shouldPlaceAnInvocationAgainWhoseEnvironmentEndedWhileThawing() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.warmUp(0, "1.0");
        bed.pollAt(100);
        Invocation invocation = bed.invoke(0);
        bed.commands();

        bed.exit("1.0");
        assertThat(bed.commands()).containsExactly("reset 1.0 RUNTIME_EXIT");
        bed.reset("1.0");
        assertThat(bed.commands()).containsExactly("initialize 1.0 i1");
        bed.ready("1.0");
        bed.response("1.0");
        assertThat(bed.commands()).containsExactly("dispatch 1.0 i1", "complete i1 RESPONSE");
        assertThat(invocation.environmentId()).isEqualTo(SchedulerBed.id("1.0"));
    }

    @Test
    void shouldEndAnInvocationWhoseSandboxIsLost() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.commands();

        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("complete i0 RUNTIME_EXITED");
        assertThat(bed.scheduler.counts().failed()).isEqualTo(1);
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("create 2.0 for f0 on h0");
    }

    @Test
    void shouldGiveTheRoomOfALostSandboxToWhoWaits() {
        SchedulerBed bed = SchedulerBed.with(1, 2);
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(1);
        bed.commands();

        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("complete i0 RUNTIME_EXITED", "create 2.0 for f1 on h0");
    }

    @Test
    void shouldTryToCreateThreeTimesInAll() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.destroyed("1.0");
        bed.destroyed("2.0");
        bed.destroyed("3.0");

        assertThat(bed.commands())
                .containsExactly(
                        "create 1.0 for f0 on h0",
                        "create 2.0 for f0 on h0",
                        "create 3.0 for f0 on h0",
                        "complete i0 INIT_FAILED");
        assertThat(bed.scheduler.counts().waiting()).isZero();
    }

    @Test
    void shouldForgetALostIdleSandbox() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.warmUp(0, "1.0");

        bed.destroyed("1.0");

        assertThat(bed.scheduler.counts().idle()).isZero();
        assertThat(bed.nextDeadlineMs()).isEqualTo(-1);
        bed.ready("1.0");
        bed.response("7.3");
        assertThat(bed.scheduler.counts().stale()).isEqualTo(2);
        assertThat(bed.commands()).isEmpty();
    }
}
