package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.ScalingPolicy;
import org.junit.jupiter.api.Test;

final class FunctionScalingTest implements ScalingPolicyContract {
    private static final long NS_PER_SEC = 1_000_000_000L;

    private final ScalingPolicy scaling = policy();

    @Override
    public ScalingPolicy policy() {
        return new FunctionScaling();
    }

    @Test
    void shouldPermitAThousandEnvironmentsEveryTenSecondsRefilledContinuously() {
        assertThat(create(0, 0)).isEqualTo(1_000);
        assertThat(create(0, NS_PER_SEC)).isEqualTo(100);
        assertThat(create(0, 11 * NS_PER_SEC)).isEqualTo(1_000);
    }

    @Test
    void shouldAccumulateNothing() {
        assertThat(create(0, 0)).isEqualTo(1_000);
        assertThat(create(0, 3_600 * NS_PER_SEC)).isEqualTo(1_000);
    }

    @Test
    void shouldLoseNoPartOfARefill() {
        assertThat(create(0, 0)).isEqualTo(1_000);
        int created = 0;
        for (long nowNs = 0; nowNs <= NS_PER_SEC; nowNs += 3_000_000) {
            created += create(0, nowNs);
        }
        assertThat(created).isBetween(99, 100);
    }

    @Test
    void shouldGiveEachFunctionItsOwn() {
        assertThat(create(0, 0)).isEqualTo(1_000);
        assertThat(create(7, 0)).isEqualTo(1_000);
    }

    private int create(int group, long nowNs) {
        return ScalingPolicyContract.create(scaling, group, 10_000, nowNs);
    }
}
