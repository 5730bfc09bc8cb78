package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.KeepAlivePolicy;
import org.junit.jupiter.api.Test;

final class GreedyDualKeepAliveTest implements KeepAlivePolicyContract {
    private static final long MS = 1_000_000;

    private final KeepAlivePolicy policy = policy();
    private final FakeFleetView fleet = new FakeFleetView(512).host(0, 0);

    @Override
    public KeepAlivePolicy policy() {
        return new GreedyDualKeepAlive();
    }

    private void use(int slot, long startNs) {
        policy.onArrival(fleet.functionOf(slot), fleet, 0);
        if (startNs > 0) {
            policy.onStarted(slot, fleet, startNs);
        }
        policy.keepNs(slot, fleet, 0);
    }

    @Test
    void shouldEvictWhatStartsFastestFirst() {
        fleet.idle(1, 0, false).idle(2, 0, false);
        use(0, 900 * MS);
        use(1, 100 * MS);

        assertThat(policy.chooseVictim(0, fleet, 0)).isEqualTo(1);
    }

    @Test
    void shouldEvictWhatHoldsTheMostMemoryFirst() {
        fleet.idle(1, 0, false).idle(2, 0, false).memory(1, 128);
        use(0, 100 * MS);
        use(1, 100 * MS);

        assertThat(policy.chooseVictim(0, fleet, 0)).isEqualTo(1);
    }

    @Test
    void shouldEvictWhatIsUsedLeastOftenFirst() {
        fleet.idle(1, 0, false).idle(2, 0, false);
        use(0, 100 * MS);
        use(0, 0);
        use(1, 100 * MS);

        assertThat(policy.chooseVictim(0, fleet, 0)).isEqualTo(1);
    }

    @Test
    void shouldEvictTheLeastRecentlyUsedOfEquals() {
        fleet.idle(1, 0, false).idle(2, 0, false).idle(3, 0, false);
        use(1, 100 * MS);
        use(2, 100 * MS);
        use(0, 100 * MS);

        assertThat(policy.chooseVictim(0, fleet, 0)).isEqualTo(1);
    }

    /** What has been worth much once goes at last: everything that is used later has the clock on top. */
    @Test
    void shouldLetTheClockOvertakeWhatIsNotUsedAnyMore() {
        fleet.idle(1, 0, false).idle(2, 0, false);
        use(0, 450 * MS);
        int evictions = 0;
        use(1, 100 * MS);
        while (policy.chooseVictim(0, fleet, 0) == 1) {
            evictions++;
            policy.onGone(1, fleet);
            fleet.leave(1);
            fleet.comeBack(1);
            use(1, 100 * MS);
        }

        assertThat(evictions).isEqualTo(4);
    }

    /** However much had to go from the first host, the second one's clock stands. */
    @Test
    void shouldKeepAClockForEachHost() {
        FakeFleetView both = new FakeFleetView(512).host(0, 0).host(0, 0);
        both.idle(1, 0, false).idle(2, 1, false).idle(3, 1, false);
        policy.onArrival(1, both, 0);
        policy.onStarted(0, both, 900 * MS);
        policy.keepNs(0, both, 0);
        for (int slot = 1; slot <= 2; slot++) {
            policy.onArrival(both.functionOf(slot), both, 0);
        }
        policy.onStarted(1, both, 450 * MS);
        policy.keepNs(1, both, 0);
        assertThat(policy.chooseVictim(0, both, 0)).isEqualTo(0);
        policy.onStarted(2, both, 100 * MS);
        policy.keepNs(2, both, 0);

        // With one clock for all, what was used later would have 900 on top and outlive what is worth more.
        assertThat(policy.chooseVictim(1, both, 0)).isEqualTo(2);
    }

    @Test
    void shouldForgetHowOftenAFunctionWasUsedOnceItHasNoEnvironment() {
        fleet.idle(1, 0, false).idle(2, 0, false);
        use(0, 100 * MS);
        use(0, 0);
        use(0, 0);
        policy.onGone(0, fleet);
        use(0, 100 * MS);
        use(1, 100 * MS);
        use(1, 0);

        assertThat(policy.chooseVictim(0, fleet, 0)).isEqualTo(0);
    }

    @Test
    void shouldNotEvictWhatIsAtWork() {
        fleet.idle(1, 0, false).idle(2, 0, false);
        use(0, 100 * MS);
        use(1, 900 * MS);
        fleet.leave(0);

        assertThat(policy.chooseVictim(0, fleet, 0)).isEqualTo(1);
    }
}
