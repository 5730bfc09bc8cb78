package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.KeepAlivePolicy;
import org.junit.jupiter.api.Test;

final class FixedTtlKeepAliveTest implements KeepAlivePolicyContract {
    @Override
    public KeepAlivePolicy policy() {
        return new FixedTtlKeepAlive(500);
    }

    @Test
    void shouldKeepEveryEnvironmentEquallyLong() {
        assertThat(policy().keepNs(0, new FakeFleetView(512), 1_000)).isEqualTo(500);
        assertThat(new FixedTtlKeepAlive(KeepAlivePolicy.FOR_EVER).keepNs(0, new FakeFleetView(512), 1_000))
                .isEqualTo(KeepAlivePolicy.FOR_EVER);
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
