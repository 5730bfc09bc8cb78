package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class SlotHeapTest {
    private record Entry(int slot, long key, long turn) {}

    /** Against a sorted list: sets, changes and removals in two heaps that share their places. */
    @Property(tries = 200)
    void shouldKeepOrderOfKeysAndThenOfTurns(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SlotHeap.Places places = new SlotHeap.Places();
        places.ensureSlot(59);
        List<SlotHeap> heaps = List.of(new SlotHeap(places), new SlotHeap(places));
        List<List<Entry>> books = List.of(new ArrayList<>(), new ArrayList<>());
        for (int step = 0; step < 400; step++) {
            int slot = random.nextInt(60);
            int which = slot % 2;
            books.get(which).removeIf(entry -> entry.slot() == slot);
            if (random.nextInt(3) == 0) {
                heaps.get(which).remove(slot);
            } else {
                long key = random.nextLong(20);
                heaps.get(which).set(slot, key);
                books.get(which).add(new Entry(slot, key, step));
            }
            Entry first = books.get(which).stream()
                    .min(Comparator.comparingLong(Entry::key).thenComparingLong(Entry::turn))
                    .orElse(new Entry(SlotHeap.NONE, SlotHeap.NEVER, 0));
            assertThat(heaps.get(which).first()).isEqualTo(first.slot());
            assertThat(heaps.get(which).firstKey()).isEqualTo(first.key());
        }
    }
}
