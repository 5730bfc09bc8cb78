package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.QueueingPolicy;
import org.junit.jupiter.api.Test;

final class ShortestExpectedQueueingTest implements QueueingPolicyContract {
    private final QueueingPolicy policy = policy();
    private final FakeFleetView fleet = new FakeFleetView(512);

    @Override
    public QueueingPolicy policy() {
        return new ShortestExpectedQueueing();
    }

    @Test
    void shouldPutShortOnesFirst() {
        policy.onEnded(1, 2_000);
        policy.onEnded(2, 1_000);

        assertThat(policy.rank(2, fleet, 0)).isLessThan(policy.rank(1, fleet, 0));
    }

    @Test
    void shouldPutUnknownOnesBeforeAll() {
        policy.onEnded(1, 1);

        assertThat(policy.rank(100, fleet, 0)).isLessThan(policy.rank(1, fleet, 0));
    }

    @Test
    void shouldFollowWhatItSees() {
        policy.onEnded(1, 1_000);
        policy.onEnded(2, 2_000);
        for (int invocation = 0; invocation < 50; invocation++) {
            policy.onEnded(1, 9_000);
        }

        assertThat(policy.rank(2, fleet, 0)).isLessThan(policy.rank(1, fleet, 0));
    }
}
