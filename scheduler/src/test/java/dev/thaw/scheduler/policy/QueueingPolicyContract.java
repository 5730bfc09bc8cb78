package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.QueueingPolicy;
import org.junit.jupiter.api.Test;

/** What every {@link QueueingPolicy} keeps. */
interface QueueingPolicyContract {
    /** A fresh one. */
    QueueingPolicy policy();

    @Test
    default void shouldLetNobodyOvertakeAnotherOfTheSameFunction() {
        for (long originNs : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE - 3}) {
            QueueingPolicy policy = policy();
            FakeFleetView fleet = new FakeFleetView(512);
            long beforeRank = policy.rank(1, fleet, originNs);
            for (int later = 1; later < 10; later++) {
                long rank = policy.rank(1, fleet, originNs + later);
                assertThat(rank - beforeRank).isNotNegative();
                beforeRank = rank;
            }
        }
    }

    @Test
    default void shouldRankTheSameWhereTheSameHasHappened() {
        FakeFleetView fleet = new FakeFleetView(512);
        QueueingPolicy one = policy();
        QueueingPolicy other = policy();
        for (int step = 0; step < 20; step++) {
            long rank = one.rank(step % 3, fleet, step);
            assertThat(other.rank(step % 3, fleet, step)).isEqualTo(rank);
            one.onEnded(step % 3, step);
            other.onEnded(step % 3, step);
            if (step % 2 == 0) {
                one.onRoom(step % 3, rank);
                other.onRoom(step % 3, rank);
            }
        }
    }
}
