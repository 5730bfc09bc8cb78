package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What every {@link KeepAlivePolicy} keeps. */
interface KeepAlivePolicyContract {
    KeepAlivePolicy policy();

    @Test
    default void shouldNotExpireBeforeNow() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0).idle(1, 0, false);

        for (long nowNs : new long[] {0, 1_000, -1_000, Long.MIN_VALUE}) {
            long expiryNs = policy().expiryNs(0, fleet, nowNs);
            assertThat(expiryNs == Scheduler.NO_DEADLINE || expiryNs - nowNs >= 0)
                    .isTrue();
        }
    }

    @Test
    default void shouldChooseVictimsOfThatHostOnly() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0).host(0, 0).host(0, 0);
        fleet.idle(1, 1, false).idle(2, 0, true).idle(1, 1, false);

        assertThat(policy().chooseVictim(0, fleet, 9)).isEqualTo(1);
        assertThat(policy().chooseVictim(1, fleet, 9)).isIn(0, 2);
        assertThat(policy().chooseVictim(2, fleet, 9)).isEqualTo(KeepAlivePolicy.NONE);
    }
}
