package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.QueueingPolicy;
import org.junit.jupiter.api.Test;

final class FifoQueueingTest implements QueueingPolicyContract {
    @Override
    public QueueingPolicy policy() {
        return new FifoQueueing();
    }

    @Test
    void shouldRankEverybodyAlike() {
        assertThat(policy().rank(0, new FakeFleetView(512), 5)).isEqualTo(policy().rank(1, new FakeFleetView(512), -7));
    }
}
