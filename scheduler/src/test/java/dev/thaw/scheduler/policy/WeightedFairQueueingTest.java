package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.QueueingPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WeightedFairQueueingTest implements QueueingPolicyContract {
    private static final long MS = 1_000_000;

    private record Waiting(int functionId, long rank, int order) {}

    private final FakeFleetView fleet = new FakeFleetView(512);

    @Override
    public QueueingPolicy policy() {
        return new WeightedFairQueueing(Map.of());
    }

    @Test
    void shouldShareEvenlyWithoutWeights() {
        assertThat(shareOfBacklog(policy())).isBetween(295, 305);
    }

    @Test
    void shouldGiveTheLongOnesLessRooms() {
        QueueingPolicy policy = policy();
        policy.onEnded(1, 10 * MS);
        policy.onEnded(2, 5 * MS);

        assertThat(shareOfBacklog(policy)).isBetween(195, 205);
    }

    @Test
    void shouldShareByWeight() {
        QueueingPolicy policy = new WeightedFairQueueing(Map.of("f1", 3));
        policy.onEnded(1, 5 * MS);
        policy.onEnded(2, 5 * MS);

        assertThat(shareOfBacklog(policy)).isBetween(445, 455);
    }

    /** A thousand of each wait from the start; returns how many of the first 600 rooms function 1 got. */
    private int shareOfBacklog(QueueingPolicy policy) {
        List<Waiting> line = new ArrayList<>();
        for (int order = 0; order < 2_000; order++) {
            int functionId = 1 + order % 2;
            line.add(new Waiting(functionId, policy.rank(functionId, fleet, 0), order));
        }
        line.sort(Comparator.comparingLong(Waiting::rank).thenComparingInt(Waiting::order));
        return (int)
                line.stream().limit(600).filter(one -> one.functionId() == 1).count();
    }

    /** Who floods the line waits for its own flood; who comes late begins where the line is. */
    @Test
    void shouldLetNobodyFloodTheLine() {
        QueueingPolicy policy = policy();
        policy.onEnded(1, 5 * MS);
        long[] flood = new long[100];
        for (int invocation = 0; invocation < flood.length; invocation++) {
            flood[invocation] = policy.rank(1, fleet, 0);
        }
        policy.onRoom(1, flood[0]);
        policy.onRoom(1, flood[1]);

        assertThat(policy.rank(2, fleet, 0)).isEqualTo(flood[1]).isLessThan(flood[2]);
    }

    @Test
    void shouldRefuseNoWeight() {
        assertThatThrownBy(() -> new WeightedFairQueueing(Map.of("f", 0)))
                .hasMessage("weight of f is 0, must be 1 or more");
    }
}
