package dev.thaw.scheduler.events.source;

import static dev.thaw.scheduler.events.source.Items.ids;
import static dev.thaw.scheduler.events.source.Items.items;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.events.source.StreamBatch.Step;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StreamBatchTest {
    private static final StreamLimits ENDLESS = new StreamLimits(-1, -1, false, false);

    private static List<String> invoked(StreamBatch batch, long nowMs) {
        assertThat(batch.next(nowMs)).isInstanceOf(Step.Invoke.class);
        return ids(((Step.Invoke) batch.next(nowMs)).items());
    }

    private static void givesUp(
            StreamBatch batch, long nowMs, List<String> ids, StreamBatch.Condition condition, int attempts) {
        assertThat(batch.next(nowMs)).isInstanceOfSatisfying(Step.GiveUp.class, step -> {
            assertThat(ids(step.items())).isEqualTo(ids);
            assertThat(step.condition()).isEqualTo(condition);
            assertThat(step.attempts()).isEqualTo(attempts);
        });
    }

    private static void failAll(StreamBatch batch, long nowMs) {
        batch.onResult(Set.copyOf(invoked(batch, nowMs)), nowMs);
    }

    @Test
    void shouldBeDoneOnceItsFunctionSucceeds() {
        StreamBatch batch = new StreamBatch(items(1, 3), ENDLESS);
        assertThat(invoked(batch, 0)).containsExactly("1", "2", "3");
        batch.onResult(Set.of(), 0);
        assertThat(batch.next(0)).isEqualTo(new Step.Done());
    }

    @Test
    void shouldTryTheWholeBatchAgainAndWaitTwiceAsLongEachTime() {
        StreamBatch batch = new StreamBatch(items(1, 3), ENDLESS);
        failAll(batch, 0);
        assertThat(batch.next(0)).isEqualTo(new Step.Wait(1_000));
        failAll(batch, 1_000);
        assertThat(batch.next(1_000)).isEqualTo(new Step.Wait(3_000));
        for (long nowMs = 3_000, i = 0; i < 20; i++) {
            failAll(batch, nowMs);
            nowMs = ((Step.Wait) batch.next(nowMs)).untilMs();
            assertThat(invoked(batch, nowMs)).hasSize(3);
        }
        failAll(batch, 10_000_000);
        assertThat(batch.next(10_000_000)).isEqualTo(new Step.Wait(10_060_000));
    }

    @Test
    void shouldGiveUpAfterItsRetries() {
        StreamBatch batch = new StreamBatch(items(1, 2), new StreamLimits(2, -1, false, false));
        failAll(batch, 0);
        failAll(batch, 1_000);
        failAll(batch, 3_000);
        givesUp(batch, 3_000, List.of("1", "2"), StreamBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED, 3);
        assertThat(batch.next(3_000)).isEqualTo(new Step.Done());
    }

    @Test
    void shouldGiveUpWhatIsTooOldAndGoOnWithTheRest() {
        SourceItem old = Items.item("1", 0);
        SourceItem young = Items.item("2", 50_000);
        StreamBatch batch = new StreamBatch(List.of(old, young), new StreamLimits(-1, 60_000, false, false));
        failAll(batch, 60_000);
        givesUp(batch, 61_000, List.of("1"), StreamBatch.Condition.RECORD_AGE_EXCEEDED, 1);
        assertThat(invoked(batch, 61_000)).containsExactly("2");
    }

    @Test
    void shouldGoOnFromTheFirstItemThatFailed() {
        StreamBatch batch = new StreamBatch(items(1, 5), new StreamLimits(-1, -1, false, true));
        batch.onResult(Set.of("5", "3"), 0);
        assertThat(invoked(batch, 1_000)).containsExactly("3", "4", "5");
    }

    @Test
    void shouldSplitABatchUntilItsBadItemIsAlone() {
        StreamBatch batch = new StreamBatch(items(1, 4), new StreamLimits(1, -1, true, false));
        failAll(batch, 0);
        assertThat(invoked(batch, 0)).containsExactly("1", "2");
        batch.onResult(Set.of(), 0);
        failAll(batch, 0);
        failAll(batch, 0); // "3" alone: its first attempt that counts
        assertThat(batch.next(0)).isEqualTo(new Step.Wait(1_000));
        failAll(batch, 1_000);
        givesUp(batch, 1_000, List.of("3"), StreamBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED, 2);
        assertThat(invoked(batch, 1_000)).containsExactly("4");
    }

    @Test
    void shouldNotCountAttemptsThatWereThrottled() {
        StreamBatch batch = new StreamBatch(items(1, 1), new StreamLimits(0, -1, false, false));
        batch.onRefused(0);
        assertThat(batch.next(0)).isEqualTo(new Step.Wait(1_000));
        batch.onRefused(1_000);
        assertThat(batch.next(1_000)).isEqualTo(new Step.Wait(3_000));
        failAll(batch, 3_000);
        assertThat(batch.next(3_000)).isInstanceOf(Step.GiveUp.class);
    }
}
