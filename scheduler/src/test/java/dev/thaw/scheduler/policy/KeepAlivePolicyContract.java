package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.KeepAlivePolicy;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link KeepAlivePolicy} keeps. */
interface KeepAlivePolicyContract {
    KeepAlivePolicy policy();

    @Test
    default void shouldKeepNothingForLessThanNoTime() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0).idle(1, 0, false);

        for (long nowNs : new long[] {0, 1_000, -1_000, Long.MIN_VALUE}) {
            KeepAlivePolicy policy = policy();
            policy.onArrival(1, fleet, nowNs);
            assertThat(policy.keepNs(0, fleet, nowNs)).isNotNegative();
            assertThat(policy.prewarmAfterNs(1, fleet, nowNs)).isNotNegative();
        }
    }

    @Test
    default void shouldChooseVictimsOfThatHostOnly() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0).host(0, 0).host(0, 0);
        fleet.idle(1, 1, false).idle(2, 0, true).idle(1, 1, false);

        KeepAlivePolicy policy = settled(fleet, 3);

        assertThat(policy.chooseVictim(0, fleet, 9)).isEqualTo(1);
        assertThat(policy.chooseVictim(1, fleet, 9)).isIn(0, 2);
        assertThat(policy.chooseVictim(1, fleet, 9)).isEqualTo(policy.chooseVictim(1, fleet, 9));
        assertThat(policy.chooseVictim(2, fleet, 9)).isEqualTo(KeepAlivePolicy.NONE);
    }

    @Test
    default void shouldEvictEveryIdleEnvironmentOnce() {
        FakeFleetView fleet = new FakeFleetView(512).host(0, 0);
        for (int slot = 0; slot < 50; slot++) {
            fleet.idle(slot % 7, 0, false);
        }
        KeepAlivePolicy policy = settled(fleet, 50);
        Set<Integer> victims = new HashSet<>();
        for (int eviction = 0; eviction < 50; eviction++) {
            int victim = policy.chooseVictim(0, fleet, 100);
            assertThat(victims.add(victim)).isTrue();
            fleet.leave(victim);
            policy.onGone(victim, fleet);
        }

        assertThat(victims).hasSize(50).doesNotContain(KeepAlivePolicy.NONE);
        assertThat(policy.chooseVictim(0, fleet, 100)).isEqualTo(KeepAlivePolicy.NONE);
    }

    /** Told of all environments in the order in which they became idle, as the scheduler does. */
    private KeepAlivePolicy settled(FakeFleetView fleet, int slots) {
        KeepAlivePolicy policy = policy();
        for (int slot = 0; slot < slots; slot++) {
            policy.onArrival(fleet.functionOf(slot), fleet, slot);
            policy.onStarted(slot, fleet, 1_000_000);
            policy.keepNs(slot, fleet, slot);
        }
        return policy;
    }
}
