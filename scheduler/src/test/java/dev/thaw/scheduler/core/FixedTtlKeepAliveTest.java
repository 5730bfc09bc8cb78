package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class FixedTtlKeepAliveTest implements KeepAlivePolicyContract {
    @Override
    public KeepAlivePolicy policy() {
        return new FixedTtlKeepAlive(500);
    }

    @Test
    void shouldKeepEveryEnvironmentEquallyLong() {
        assertThat(policy().expiryNs(0, new FakeFleetView(512), 1_000)).isEqualTo(1_500);
        assertThat(new FixedTtlKeepAlive(Long.MAX_VALUE).expiryNs(0, new FakeFleetView(512), 1_000))
                .isEqualTo(Scheduler.NO_DEADLINE);
    }

    @Test
    void shouldEvictTheLeastRecentlyUsedFirst() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0).host(0, 0);
        fleet.idle(1, 1, false).idle(2, 0, false).idle(1, 0, false);

        assertThat(policy().chooseVictim(0, fleet, 9)).isEqualTo(1);
    }

    @Test
    void shouldRefuseANegativeKeepAlive() {
        assertThatThrownBy(() -> new FixedTtlKeepAlive(-1)).hasMessage("keepAliveNs is -1, must be 0 or more");
    }
}
