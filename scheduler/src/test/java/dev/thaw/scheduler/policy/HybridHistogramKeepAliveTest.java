package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.KeepAlivePolicy;
import dev.thaw.scheduler.policy.HybridHistogramKeepAlive.Settings;
import org.junit.jupiter.api.Test;

final class HybridHistogramKeepAliveTest implements KeepAlivePolicyContract {
    private static final long S = 1_000_000_000;
    private static final long MIN = 60 * S;
    private static final long FALLBACK = 20 * MIN;

    private final HybridHistogramKeepAlive policy =
            new HybridHistogramKeepAlive(new Settings(240 * MIN, MIN, 5, 99, 10, 2, 3, FALLBACK));
    private final FakeFleetView fleet = new FakeFleetView(512).host(0, 0).idle(1, 0, false);
    private long nowNs = Long.MAX_VALUE - 30 * MIN;

    @Override
    public KeepAlivePolicy policy() {
        return new HybridHistogramKeepAlive(Settings.defaults());
    }

    /** An invocation that comes so long after the last one ended; returns how long its environment stays. */
    private long use(long idleNs) {
        nowNs += idleNs;
        policy.onArrival(1, fleet, nowNs);
        nowNs += S;
        return policy.keepNs(0, fleet, nowNs);
    }

    private long prewarmAfterNs() {
        return policy.prewarmAfterNs(1, fleet, nowNs);
    }

    @Test
    void shouldKeepForAFixedTimeUntilItKnowsEnough() {
        for (int invocation = 0; invocation < 3; invocation++) {
            assertThat(use(5 * S)).isEqualTo(FALLBACK);
            assertThat(prewarmAfterNs()).isEqualTo(KeepAlivePolicy.FOR_EVER);
        }

        assertThat(use(5 * S)).isNotEqualTo(FALLBACK);
    }

    @Test
    void shouldKeepUntilTheTailWhatIsOftenUsed() {
        long keptNs = 0;
        for (int invocation = 0; invocation < 100; invocation++) {
            keptNs = use(invocation % 10 == 0 ? 150 * S : 5 * S);
        }

        assertThat(keptNs).isEqualTo(3 * MIN * 11 / 10);
        assertThat(prewarmAfterNs()).isEqualTo(KeepAlivePolicy.FOR_EVER);
    }

    @Test
    void shouldLetGoAndComeBackShortlyBeforeTheHead() {
        for (int invocation = 0; invocation < 50; invocation++) {
            use(30 * MIN + 20 * S);
        }

        assertThat(use(30 * MIN + 20 * S)).isZero();
        assertThat(prewarmAfterNs()).isEqualTo(30 * MIN * 9 / 10);
    }

    @Test
    void shouldKeepWhatCameAheadUntilShortlyAfterTheTail() {
        for (int invocation = 0; invocation < 50; invocation++) {
            use(30 * MIN + 20 * S);
        }
        fleet.neverServed(0);
        nowNs += 27 * MIN + S;

        assertThat(policy.keepNs(0, fleet, nowNs)).isEqualTo(31 * MIN * 11 / 10 - 27 * MIN - S);
        assertThat(prewarmAfterNs()).isEqualTo(KeepAlivePolicy.FOR_EVER);
    }

    @Test
    void shouldFallBackWhereIdleTimesAreAllAlike() {
        long keptNs = 0;
        for (int invocation = 0; invocation < 480; invocation++) {
            keptNs = use((invocation * 7 % 240) * MIN + S);
        }

        assertThat(keptNs).isEqualTo(FALLBACK);
    }

    @Test
    void shouldFallBackWhereMostIsBeyondTheRange() {
        long keptNs = 0;
        for (int invocation = 0; invocation < 20; invocation++) {
            keptNs = use(invocation < 8 ? 5 * S : 300 * MIN);
        }

        assertThat(keptNs).isEqualTo(FALLBACK);
    }

    /** Nobody was idle meanwhile: there is no idle time to learn. */
    @Test
    void shouldNotLearnFromWhatComesWhileItIsAtWork() {
        use(S);
        for (int invocation = 0; invocation < 100; invocation++) {
            nowNs += 30 * MIN;
            policy.onArrival(1, fleet, nowNs);
        }

        assertThat(use(S)).isEqualTo(FALLBACK);
    }

    @Test
    void shouldRefuseSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new Settings(MIN, 2 * MIN, 5, 99, 10, 2, 1, MIN))
                .hasMessage("range of 60000000000 ns and bin of 120000000000 ns, must be 1..10000 bins");
        assertThatThrownBy(() -> new Settings(MIN, MIN, 99, 5, 10, 2, 1, MIN))
                .hasMessage("head is 99 and tail 5, must be 0 <= head <= tail <= 100");
    }
}
