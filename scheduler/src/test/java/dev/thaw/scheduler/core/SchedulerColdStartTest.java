package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.Phase;
import org.junit.jupiter.api.Test;

/** New environments: the phases of a cold start, who is trigger and who is victim, no start too many. */
final class SchedulerColdStartTest {
    private static final long NS_PER_MS = SchedulerBed.NS_PER_MS;

    @Test
    void shouldMeasureEveryPhaseOfAColdStart() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        Invocation cold = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0");
        bed.atMs = 5;
        bed.created("1.0");
        bed.atMs = 12;
        bed.connected("1.0");
        bed.atMs = 25;
        bed.ready("1.0");
        assertThat(bed.commands()).containsExactly("dispatch 1.0 i0");
        bed.atMs = 29;
        bed.response("1.0");

        assertThat(cold.phaseNs(Phase.CREATE)).isEqualTo(5 * NS_PER_MS);
        assertThat(cold.phaseNs(Phase.INIT_RUNTIME)).isEqualTo(7 * NS_PER_MS);
        assertThat(cold.phaseNs(Phase.INIT_FUNCTION)).isEqualTo(13 * NS_PER_MS);
        assertThat(cold.phaseNs(Phase.INVOKE)).isEqualTo(4 * NS_PER_MS);
        assertThat(cold.totalNs()).isEqualTo(29 * NS_PER_MS);
        assertThat(cold.coldTrigger()).isTrue();
        assertThat(cold.coldVictim()).isFalse();
        assertThat(cold.deadlineNs()).isEqualTo(3_025 * NS_PER_MS);
    }

    @Test
    void shouldTellTheInitOfExtensionsFromTheRuntimes() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        Invocation cold = bed.invoke(0);
        bed.atMs = 5;
        bed.extensionsStarting("1.0");
        bed.atMs = 12;
        bed.extensionsRegistered("1.0");
        bed.atMs = 25;
        bed.connected("1.0");
        bed.atMs = 29;
        bed.ready("1.0");
        bed.response("1.0");

        assertThat(cold.phaseNs(Phase.CREATE)).isEqualTo(5 * NS_PER_MS);
        assertThat(cold.phaseNs(Phase.INIT_EXTENSION)).isEqualTo(7 * NS_PER_MS);
        assertThat(cold.phaseNs(Phase.INIT_RUNTIME)).isEqualTo(13 * NS_PER_MS);
        assertThat(cold.phaseNs(Phase.INIT_FUNCTION)).isEqualTo(4 * NS_PER_MS);
        assertThat(cold.coldTrigger()).isTrue();
    }

    @Test
    void shouldEndAnInitWhoseExtensionsNeverRegisterAtItsLimit() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.extensionsStarting("1.0");
        bed.commands();
        bed.pollAt(9_999);
        assertThat(bed.commands()).isEmpty();
        bed.pollAt(10_000);

        assertThat(bed.commands()).containsExactly("reset 1.0 INIT_TIMEOUT");
    }

    @Test
    void shouldCreateOneEnvironmentForEachWaitingInvocation() {
        SchedulerBed bed = SchedulerBed.with(5, 1);
        bed.invoke(0);
        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0", "create 1.1 for f0 on h0");
        assertThat(bed.scheduler.counts().starting()).isEqualTo(2);
        assertThat(bed.scheduler.counts().waiting()).isEqualTo(2);
    }

    @Test
    void shouldServeTheFirstInLineWithWhateverIsReadyFirst() {
        SchedulerBed bed = SchedulerBed.with(5, 1);
        Invocation first = bed.invoke(0);
        Invocation second = bed.invoke(0);
        bed.commands();
        bed.atMs = 10;
        bed.init("1.1");
        assertThat(bed.commands()).containsExactly("dispatch 1.1 i0");
        bed.atMs = 20;
        bed.init("1.0");
        assertThat(bed.commands()).containsExactly("dispatch 1.0 i1");
        bed.response("1.0");
        bed.response("1.1");

        for (Invocation victim : new Invocation[] {first, second}) {
            assertThat(victim.coldTrigger()).isFalse();
            assertThat(victim.coldVictim()).isTrue();
            assertThat(victim.phaseNs(Phase.CREATE)).isZero();
        }
        assertThat(first.phaseNs(Phase.QUEUE)).isEqualTo(10 * NS_PER_MS);
        assertThat(second.phaseNs(Phase.QUEUE)).isEqualTo(20 * NS_PER_MS);
    }

    @Test
    void shouldLeaveAStartThatNobodyNeedsIdle() {
        SchedulerBed bed = SchedulerBed.with(5, 1);
        bed.invoke(0);
        bed.init("1.0");
        Invocation served = bed.invoke(0);
        bed.atMs = 7;
        bed.finish("1.0");
        assertThat(bed.commands()).endsWith("create 1.1 for f0 on h0", "complete i0 RESPONSE", "dispatch 1.0 i1");
        bed.init("1.1");
        bed.finish("1.0");

        assertThat(bed.scheduler.counts().idle()).isEqualTo(2);
        assertThat(served.coldVictim()).isTrue();
        assertThat(served.phaseNs(Phase.QUEUE)).isEqualTo(7 * NS_PER_MS);
    }

    @Test
    void shouldGiveAStartThatNobodyNeedsToTheNextArrival() {
        SchedulerBed bed = SchedulerBed.with(5, 1);
        bed.invoke(0);
        bed.init("1.0");
        bed.invoke(0);
        bed.finish("1.0");
        bed.commands();

        Invocation late = bed.invoke(0);
        assertThat(bed.commands()).isEmpty();
        bed.atMs = 3;
        bed.init("1.1");
        assertThat(bed.commands()).containsExactly("dispatch 1.1 i2");
        assertThat(late.coldTrigger()).isFalse();
        assertThat(late.coldVictim()).isTrue();
    }

    @Test
    void shouldNotCallAVictimWhoDidNotWait() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        Invocation behind = bed.invoke(0);
        bed.init("1.0");
        bed.finish("1.0");

        assertThat(behind.phaseNs(Phase.QUEUE)).isZero();
        assertThat(behind.coldVictim()).isFalse();
    }

    @Test
    void shouldCountWhoWaitedForRoomBehindAnInitAsVictim() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        Invocation trigger = bed.invoke(0);
        Invocation behind = bed.invoke(0);
        bed.atMs = 5;
        bed.init("1.0");
        bed.finish("1.0");
        Invocation later = bed.invoke(0);
        bed.finish("1.0");
        bed.finish("1.0");

        assertThat(trigger.coldTrigger()).isTrue();
        assertThat(behind.coldVictim()).isTrue();
        assertThat(later.coldVictim()).isFalse();
    }

    @Test
    void shouldAcceptEventsThatOvertookOneAnother() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        bed.invoke(0);
        bed.ready("1.0");
        bed.created("1.0");
        bed.connected("1.0");

        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0", "dispatch 1.0 i0");
        assertThat(bed.scheduler.counts().stale()).isEqualTo(2);
    }
}
