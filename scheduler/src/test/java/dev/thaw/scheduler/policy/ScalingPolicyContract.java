package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.ScalingPolicy;
import org.junit.jupiter.api.Test;

/** What every {@link ScalingPolicy} keeps. */
interface ScalingPolicyContract {
    long YEAR_NS = 31_536_000_000_000_000L;

    /** A fresh one. */
    ScalingPolicy policy();

    /** Creates what is permitted at once, up to {@code limit}; returns how many that were. */
    static int create(ScalingPolicy policy, int group, int limit, long nowNs) {
        int created = 0;
        while (created < limit && policy.permits(group, nowNs)) {
            policy.onCreate(group, nowNs);
            created++;
        }
        return created;
    }

    @Test
    default void shouldChangeNothingByBeingAsked() {
        ScalingPolicy policy = policy();
        for (int asked = 0; asked < 100_000; asked++) {
            assertThat(policy.permits(3, 0)).isTrue();
        }
    }

    @Test
    default void shouldPermitAgainAfterAWhile() {
        ScalingPolicy policy = policy();
        create(policy, 0, 10_000, 0);
        assertThat(policy.permits(0, YEAR_NS)).isTrue();
    }

    @Test
    default void shouldPermitTheSameInEveryEpochOfTheClock() {
        int expected = create(policy(), 0, 10_000, 0);
        for (long originNs : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE - 1}) {
            ScalingPolicy policy = policy();
            assertThat(create(policy, 0, 10_000, originNs)).isEqualTo(expected);
            assertThat(policy.permits(0, originNs + YEAR_NS)).isTrue();
        }
    }
}
