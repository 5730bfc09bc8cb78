package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.ScalingPolicy;
import org.junit.jupiter.api.Test;

final class UnlimitedScalingTest implements ScalingPolicyContract {
    @Override
    public ScalingPolicy policy() {
        return new UnlimitedScaling();
    }

    @Test
    void shouldPermitWhateverIsAskedFor() {
        assertThat(ScalingPolicyContract.create(policy(), 0, 10_000, 0)).isEqualTo(10_000);
    }
}
