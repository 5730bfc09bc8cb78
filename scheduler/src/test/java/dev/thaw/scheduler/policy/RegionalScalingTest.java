package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.ScalingPolicy;
import org.junit.jupiter.api.Test;

final class RegionalScalingTest implements ScalingPolicyContract {
    private static final long NS_PER_MIN = 60_000_000_000L;

    private final ScalingPolicy scaling = policy();

    @Override
    public ScalingPolicy policy() {
        return new RegionalScaling(RegionalScaling.DEFAULT_BURST);
    }

    @Test
    void shouldPermitABurstAndThenFiveHundredAMinuteToAllTogether() {
        assertThat(ScalingPolicyContract.create(scaling, 0, 2_000, 0)).isEqualTo(2_000);
        assertThat(create(1, 0)).isEqualTo(1_000);
        assertThat(create(0, NS_PER_MIN)).isEqualTo(500);
        assertThat(create(1, NS_PER_MIN)).isZero();
        assertThat(create(1, 60 * NS_PER_MIN)).isEqualTo(3_000);
    }

    @Test
    void shouldRefuseABurstOfNothing() {
        assertThatThrownBy(() -> new RegionalScaling(0)).hasMessage("burst is 0, must be 1 or more");
    }

    private int create(int group, long nowNs) {
        return ScalingPolicyContract.create(scaling, group, 10_000, nowNs);
    }
}
