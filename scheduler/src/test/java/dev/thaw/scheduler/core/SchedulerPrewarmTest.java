package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Starts ahead of invocations: the policy lets environments go at once and wants another 500 ms later. */
final class SchedulerPrewarmTest {
    private static final class Expecting implements KeepAlivePolicy {
        @Override
        public long keepNs(int slot, FleetView fleet, long nowNs) {
            return fleet.hasServed(slot) ? 0 : 200 * SchedulerBed.NS_PER_MS;
        }

        @Override
        public long prewarmAfterNs(int functionId, FleetView fleet, long nowNs) {
            return 500 * SchedulerBed.NS_PER_MS;
        }
    }

    private final SchedulerBed bed = SchedulerBed.keeping(new Expecting(), 1, 2);

    private void serveOnce() {
        bed.invoke(0);
        bed.init("1.0");
        bed.finish("1.0");
        bed.pollAt(0);
        bed.destroyed("1.0");
        bed.commands();
    }

    @Test
    void shouldLetGoAndStartAhead() {
        serveOnce();
        assertThat(bed.nextDeadlineMs()).isEqualTo(500);

        bed.pollAt(500);

        assertThat(bed.commands()).containsExactly("create 2.0 for f0 on h0");
        assertThat(bed.scheduler.counts().prewarmed()).isEqualTo(1);
    }

    @Test
    void shouldServeTheNextInvocationWarm() {
        serveOnce();
        bed.pollAt(500);
        bed.init("2.0");
        bed.atMs = 600;
        Invocation next = bed.invoke(0);

        assertThat(next.environmentId()).isEqualTo(SchedulerBed.id("2.0"));
        assertThat(next.coldTrigger()).isFalse();
    }

    @Test
    void shouldKeepItForAsLongAsThePolicySays() {
        serveOnce();
        bed.pollAt(500);
        bed.init("2.0");
        bed.commands();
        bed.pollAt(700);

        assertThat(bed.commands()).contains("destroy 2.0 KEEP_ALIVE_EXPIRED");
    }

    /** Who comes while it starts waits for it, and is no trigger. */
    @Test
    void shouldServeWhoComesWhileItStarts() {
        serveOnce();
        bed.pollAt(500);
        bed.atMs = 510;
        Invocation next = bed.invoke(0);
        bed.init("2.0");

        assertThat(next.environmentId()).isEqualTo(SchedulerBed.id("2.0"));
        assertThat(next.coldTrigger()).isFalse();
        assertThat(next.coldVictim()).isFalse();
    }

    @Test
    void shouldStartNoneWhereThereIsOne() {
        serveOnce();
        bed.atMs = 400;
        bed.invoke(0);
        bed.commands();
        bed.pollAt(500);

        assertThat(bed.commands()).isEmpty();
    }

    @Test
    void shouldStartNoneWithoutRoom() {
        serveOnce();
        bed.atMs = 400;
        bed.invoke(1);
        bed.init("2.0");
        bed.commands();
        bed.pollAt(500);

        assertThat(bed.commands()).isEmpty();
        assertThat(bed.scheduler.counts().prewarmed()).isZero();
    }

    /** The one of function 1, which came ahead too, is idle then. */
    @Test
    void shouldEvictNobodyForIt() {
        serveOnce();
        bed.atMs = 100;
        bed.invoke(1);
        bed.init("2.0");
        bed.finish("2.0");
        bed.pollAt(100);
        bed.destroyed("2.0");
        bed.commands();
        bed.pollAt(500);
        bed.init("3.0");
        assertThat(bed.commands()).containsExactly("create 3.0 for f0 on h0");
        bed.pollAt(600);

        assertThat(bed.commands()).containsExactly("freeze 3.0");
    }

    @Test
    void shouldStartNoneOfARetiredFunction() {
        serveOnce();
        bed.scheduler.retire(0, bed.now());
        bed.pollAt(500);

        assertThat(bed.commands()).isEmpty();
        assertThat(bed.scheduler.isGone(0)).isTrue();
    }

    @Test
    void shouldStartNoneOnceItShutsDown() {
        serveOnce();
        bed.scheduler.shutdown(bed.now());

        assertThat(bed.nextDeadlineMs()).isEqualTo(-1);
    }
}
