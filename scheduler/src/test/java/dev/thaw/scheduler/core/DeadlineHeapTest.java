package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

final class DeadlineHeapTest {
    private static final int SLOTS = 40;

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void shouldAgreeWithASortedMapAlsoWhereTheClockWraps(@ForAll long seed, @ForAll long anyNs) {
        long originNs = anyNs & -256; // keeps clear of the value that means never
        SplittableRandom random = new SplittableRandom(seed);
        DeadlineHeap heap = new DeadlineHeap();
        Map<Integer, Long> delays = new TreeMap<>();
        for (int step = 0; step < 300; step++) {
            int slot = random.nextInt(SLOTS);
            if (random.nextInt(3) == 0) {
                clear(heap, slot, random.nextBoolean());
                delays.remove(slot);
            } else {
                long delayNs = random.nextLong(100);
                heap.ensureSlot(slot);
                heap.set(slot, originNs + delayNs);
                delays.put(slot, delayNs);
            }
            int expected = delays.entrySet().stream()
                    .min(Map.Entry.<Integer, Long>comparingByValue()
                            .thenComparing(Comparator.comparing(Map.Entry::getKey)))
                    .map(Map.Entry::getKey)
                    .orElse(DeadlineHeap.NONE);
            assertThat(heap.first()).isEqualTo(expected);
            assertThat(heap.firstDeadlineNs())
                    .isEqualTo(expected < 0 ? Scheduler.NO_DEADLINE : originNs + delays.getOrDefault(expected, 0L));
        }
    }

    @Test
    void shouldKnowNever() {
        assertThat(DeadlineHeap.after(5, Long.MAX_VALUE)).isEqualTo(Scheduler.NO_DEADLINE);
        assertThat(DeadlineHeap.after(Long.MAX_VALUE - 9, 9)).isNotEqualTo(Scheduler.NO_DEADLINE);
        assertThat(DeadlineHeap.isDue(Scheduler.NO_DEADLINE, Long.MIN_VALUE)).isFalse();
        assertThat(DeadlineHeap.isDue(Long.MIN_VALUE + 1, Long.MAX_VALUE - 1)).isFalse();
        assertThat(DeadlineHeap.isDue(Long.MAX_VALUE - 1, Long.MIN_VALUE + 1)).isTrue();
        assertThat(DeadlineHeap.earlier(Scheduler.NO_DEADLINE, 7)).isEqualTo(7);
        assertThat(DeadlineHeap.earlier(7, Scheduler.NO_DEADLINE)).isEqualTo(7);
        assertThat(DeadlineHeap.earlier(Long.MIN_VALUE, Long.MAX_VALUE - 1)).isEqualTo(Long.MAX_VALUE - 1);
    }

    private static void clear(DeadlineHeap heap, int slot, boolean byNever) {
        heap.ensureSlot(slot);
        if (byNever) {
            heap.set(slot, Scheduler.NO_DEADLINE);
        } else {
            heap.clear(slot);
        }
    }
}
