package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import org.junit.jupiter.api.Test;

/** Idle environments: reuse, freeze, keep-alive, and the line of one function. */
final class SchedulerWarmTest {
    private static final long NS_PER_MS = SchedulerBed.NS_PER_MS;

    @Test
    void shouldDispatchToAnIdleEnvironmentAtOnce() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.warmUp(0, "1.0");

        bed.atMs = 10;
        Invocation warm = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("dispatch 1.0 i1");
        assertThat(warm.deadlineNs()).isEqualTo(3_010 * NS_PER_MS);
        bed.atMs = 15;
        bed.finish("1.0");

        assertThat(bed.commands()).containsExactly("complete i1 RESPONSE");
        assertThat(warm.phaseNs(Phase.INVOKE)).isEqualTo(5 * NS_PER_MS).isEqualTo(warm.totalNs());
        assertThat(warm.coldTrigger() || warm.coldVictim() || warm.suppressedInit())
                .isFalse();
        assertThat(warm.environmentId()).isEqualTo(SchedulerBed.id("1.0"));
        assertThat(warm.hostId()).isZero();
    }

    @Test
    void shouldUseTheMostRecentlyUsedEnvironment() {
        SchedulerBed bed = SchedulerBed.with(2, 1);
        bed.invoke(0);
        bed.invoke(0);
        bed.init("1.0");
        bed.init("1.1");
        bed.finish("1.1");
        bed.finish("1.0");
        bed.commands();

        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("dispatch 1.0 i2");
    }

    @Test
    void shouldKeepTheEnvironmentBusyUntilTheRuntimeAsksForMore() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.commands();

        bed.response("1.0");
        Invocation next = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("complete i0 RESPONSE");
        assertThat(bed.scheduler.counts().busy()).isEqualTo(1);
        bed.atMs = 20;
        bed.ready("1.0");

        assertThat(bed.commands()).containsExactly("dispatch 1.0 i1");
        bed.response("1.0");
        assertThat(next.phaseNs(Phase.QUEUE)).isEqualTo(20 * NS_PER_MS);
        assertThat(next.coldVictim()).isFalse();
    }

    @Test
    void shouldServeTheLineInOrderOfArrival() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.invoke(0);
        bed.invoke(0);
        bed.init("1.0");
        bed.finish("1.0");
        bed.finish("1.0");

        assertThat(bed.commands()).containsSubsequence("dispatch 1.0 i0", "dispatch 1.0 i1", "dispatch 1.0 i2");
    }

    @Test
    void shouldFreezeAfterTheDelayAndThawBeforeDispatch() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.warmUp(0, "1.0");

        assertThat(bed.nextDeadlineMs()).isEqualTo(100);
        assertThat(bed.pollAt(99)).isZero();
        assertThat(bed.pollAt(100)).isEqualTo(1);
        assertThat(bed.commands()).containsExactly("freeze 1.0");
        assertThat(bed.scheduler.counts().frozen()).isEqualTo(1);

        bed.atMs = 200;
        Invocation invocation = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("thaw 1.0");
        bed.atMs = 203;
        bed.thawed("1.0");
        assertThat(bed.commands()).containsExactly("dispatch 1.0 i1");
        assertThat(invocation.deadlineNs()).isEqualTo(3_203 * NS_PER_MS);
        bed.atMs = 210;
        bed.finish("1.0");

        assertThat(invocation.phaseNs(Phase.THAW)).isEqualTo(3 * NS_PER_MS);
        assertThat(invocation.phaseNs(Phase.INVOKE)).isEqualTo(7 * NS_PER_MS);
    }

    @Test
    void shouldFreezeAtOnceWhereTheDelayIsZero() {
        SchedulerBed bed = SchedulerBed.with(config(0, 600_000 * NS_PER_MS), 1, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.commands();

        bed.finish("1.0");

        assertThat(bed.commands()).containsExactly("complete i0 RESPONSE", "freeze 1.0");
        assertThat(bed.nextDeadlineMs()).isEqualTo(600_000);
    }

    @Test
    void shouldNeverFreezeNorExpireWhereTheDelaysSayNever() {
        SchedulerBed bed = SchedulerBed.with(config(Long.MAX_VALUE, Long.MAX_VALUE), 1, 1);
        bed.warmUp(0, "1.0");

        assertThat(bed.scheduler.nextDeadlineNs()).isEqualTo(Scheduler.NO_DEADLINE);
        assertThat(bed.pollAt(1_000_000_000)).isZero();
        assertThat(bed.commands()).isEmpty();
    }

    @Test
    void shouldDestroyWhatWasIdleForItsKeepAlive() {
        SchedulerBed bed = SchedulerBed.with(config(Long.MAX_VALUE, 500 * NS_PER_MS), 1, 1);
        bed.warmUp(0, "1.0");
        bed.atMs = 300;
        bed.invoke(0);
        bed.finish("1.0");
        bed.commands();

        assertThat(bed.pollAt(799)).isZero();
        assertThat(bed.pollAt(800)).isEqualTo(1);
        assertThat(bed.commands()).containsExactly("destroy 1.0 KEEP_ALIVE_EXPIRED");
        assertThat(bed.scheduler.counts().expired()).isEqualTo(1);
        assertThat(bed.scheduler.counts().destroying()).isEqualTo(1);
        bed.destroyed("1.0");

        assertThat(bed.scheduler.counts().destroying()).isZero();
        assertThat(bed.nextDeadlineMs()).isEqualTo(-1);
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("create 2.0 for f0 on h0");
    }

    @Test
    void shouldDestroyAFrozenEnvironmentAtItsKeepAlive() {
        SchedulerBed bed = SchedulerBed.with(config(100 * NS_PER_MS, 500 * NS_PER_MS), 1, 1);
        bed.warmUp(0, "1.0");
        bed.pollAt(100);

        bed.pollAt(500);

        assertThat(bed.commands()).containsExactly("freeze 1.0", "destroy 1.0 KEEP_ALIVE_EXPIRED");
    }

    private static SchedulerConfig config(long freezeDelayNs, long keepAliveNs) {
        return new SchedulerConfig(10, keepAliveNs, 10_000 * NS_PER_MS, freezeDelayNs, 1_000 * NS_PER_MS, 100);
    }
}
