package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.QueueingPolicy;
import org.junit.jupiter.api.Test;

final class EarliestDeadlineQueueingTest implements QueueingPolicyContract {
    private static final long S = 1_000_000_000;

    private final FakeFleetView fleet = new FakeFleetView(512);

    @Override
    public QueueingPolicy policy() {
        return new EarliestDeadlineQueueing();
    }

    /** The timeout of function n is n + 1 seconds. */
    @Test
    void shouldPutTheShorterTimeoutFirst() {
        assertThat(policy().rank(2, fleet, 0)).isLessThan(policy().rank(4, fleet, 0));
    }

    @Test
    void shouldPutWhoCameLongAgoFirst() {
        long originNs = Long.MAX_VALUE - S;
        long longAgo = policy().rank(4, fleet, originNs);
        long now = policy().rank(2, fleet, originNs + 3 * S);

        assertThat(now - longAgo).isEqualTo(S);
    }
}
