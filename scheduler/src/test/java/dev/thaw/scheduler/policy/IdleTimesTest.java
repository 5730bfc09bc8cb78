package dev.thaw.scheduler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class IdleTimesTest {
    private static final int BINS = 30;

    /** Against sums over all bins after each step. */
    @Property(tries = 100)
    void shouldKnowItsPercentilesAndItsVariation(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int head = random.nextInt(101);
        int tail = random.nextInt(head, 101);
        IdleTimes times = new IdleTimes(BINS, head, tail);
        int[] counts = new int[BINS];
        int spread = random.nextInt(1, BINS + 5);
        for (int step = 1; step < 300; step++) {
            int bin = random.nextInt(spread);
            times.add(bin);
            if (bin < BINS) {
                counts[bin]++;
            }
            check(times, counts, head, tail);
        }
    }

    private static void check(IdleTimes times, int[] counts, int head, int tail) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        assertThat(times.count()).isEqualTo(sum);
        if (sum == 0) {
            return;
        }
        assertThat(times.headBin()).isEqualTo(percentile(counts, sum, head));
        assertThat(times.tailBin()).isEqualTo(percentile(counts, sum, tail));
        double mean = (double) sum / counts.length;
        double squares = 0;
        for (int count : counts) {
            squares += (count - mean) * (count - mean);
        }
        assertThat(times.squaredVariation()).isCloseTo(squares / counts.length / mean / mean, Offset.offset(1e-9));
    }

    private static int percentile(int[] counts, int sum, int percent) {
        int below = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            below += counts[bin];
            if (below > 0 && below * 100 >= sum * percent) {
                return bin;
            }
        }
        throw new AssertionError(sum);
    }

    /** Bins that count much come before, between and after others. */
    @Test
    void shouldCountMoreThanAByteHolds() {
        IdleTimes times = new IdleTimes(BINS, 5, 99);
        int[] counts = new int[BINS];
        for (int step = 0; step < 3_000; step++) {
            int bin = step % 2 == 0 ? (step / 1_000) * 10 : step % BINS;
            times.add(bin);
            counts[bin]++;
            check(times, counts, 5, 99);
        }
    }

    @Test
    void shouldCountWhatIsBeyondTheRange() {
        IdleTimes times = new IdleTimes(BINS, 5, 99);
        times.add(BINS - 1);
        times.add(BINS);
        times.add(Long.MAX_VALUE);

        assertThat(times.count()).isEqualTo(1);
        assertThat(times.beyond()).isEqualTo(2);
    }

    @Test
    void shouldLetOldOnesFadeWhereABinIsFull() {
        IdleTimes times = new IdleTimes(BINS, 5, 99);
        for (int count = 0; count < 65_535; count++) {
            times.add(3);
        }
        for (int count = 0; count < 10_000; count++) {
            times.add(7);
        }
        assertThat(times.count()).isEqualTo(75_535);
        times.add(3);

        assertThat(times.count()).isEqualTo(32_767 + 5_000 + 1);
        assertThat(times.headBin()).isEqualTo(3);
        assertThat(times.tailBin()).isEqualTo(7);
    }
}
