package dev.thaw.scheduler.events.source;

import static dev.thaw.scheduler.events.source.Items.ids;
import static dev.thaw.scheduler.events.source.Items.items;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatcherTest {
    private static SourceItem large(String id, int bytes) {
        return new SourceItem(id, id, 0, new byte[bytes]);
    }

    @Test
    void shouldMakeBatchesOfTenTenAndFiveOfTwentyFiveItems() {
        Batcher batcher = new Batcher(10, 2_000);
        items(1, 25).forEach(item -> batcher.add(item, 100));
        List<Integer> sizes = new ArrayList<>();
        sizes.add(batcher.poll(100).size());
        sizes.add(batcher.poll(100).size());
        assertThat(batcher.poll(2_099)).isEmpty();
        sizes.add(batcher.poll(2_100).size());
        assertThat(sizes).containsExactly(10, 10, 5);
        assertThat(batcher.poll(9_999)).isEmpty();
    }

    @Test
    void shouldCountTheWindowFromABatchsFirstItem() {
        Batcher batcher = new Batcher(10, 1_000);
        assertThat(batcher.dueMs()).isEqualTo(Batcher.NOTHING_DUE);
        batcher.add(items(1, 1).getFirst(), 500);
        batcher.add(items(2, 2).getFirst(), 1_400);
        assertThat(batcher.dueMs()).isEqualTo(1_500);
        assertThat(batcher.poll(1_499)).isEmpty();
        assertThat(ids(batcher.poll(1_500))).containsExactly("1", "2");
    }

    @Test
    void shouldNotWaitWithoutAWindow() {
        Batcher batcher = new Batcher(10, 0);
        batcher.add(items(7, 7).getFirst(), 5);
        assertThat(ids(batcher.poll(5))).containsExactly("7");
    }

    @Test
    void shouldFireBeforeAnEventExceedsSixMegabytes() {
        Batcher batcher = new Batcher(100, 60_000);
        int third = Batcher.MAX_EVENT_BYTES / 3;
        batcher.add(large("a", third), 0);
        batcher.add(large("b", third), 0);
        assertThat(batcher.poll(0)).isEmpty();
        batcher.add(large("c", third), 0);
        assertThat(ids(batcher.poll(0))).containsExactly("a", "b");
        assertThat(batcher.poll(0)).isEmpty();
        assertThat(ids(batcher.poll(60_000))).containsExactly("c");
    }

    @Test
    void shouldGiveAnItemThatIsTooLargeAloneRatherThanKeepIt() {
        Batcher batcher = new Batcher(100, 60_000);
        batcher.add(large("huge", Batcher.MAX_EVENT_BYTES + 1), 0);
        batcher.add(large("small", 1), 0);
        assertThat(ids(batcher.poll(0))).containsExactly("huge");
    }

    @Test
    void shouldHandOverWhatIsLeft() {
        Batcher batcher = new Batcher(10, 60_000);
        items(1, 3).forEach(item -> batcher.add(item, 0));
        assertThat(batcher.room()).isEqualTo(7);
        assertThat(ids(batcher.drain())).containsExactly("1", "2", "3");
        assertThat(batcher.room()).isEqualTo(10);
    }
}
