package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What one walk over a trace tells, against counting plainly. */
final class TraceLevelsTest {
    private static final long NS_PER_MS = 1_000_000;

    @Test
    void shouldKnowHowManyAreUnderWayInWhichShareOfTheTime() {
        SplittableRandom random = new SplittableRandom(4);
        long[] starts = random.longs(300, 0, 1_000).sorted().toArray();
        long[] works = random.longs(300, 0, 30).toArray();
        BusyLevels levels = new BusyLevels(2);
        int[] busy = new int[1_100];
        for (int at = 0; at < starts.length; at++) {
            levels.arrived(1, starts[at], works[at]);
            for (long ms = starts[at]; ms < starts[at] + works[at]; ms++) {
                busy[(int) ms]++;
            }
        }
        int end = Math.toIntExact(levels.close(starts[starts.length - 1]));
        int[] sorted = Arrays.copyOf(busy, end);
        Arrays.sort(sorted);
        for (int percent = 1; percent < 100; percent++) {
            int enough = sorted[Math.max(0, (int) Math.ceil(percent / 100.0 * end) - 1)];
            assertThat(levels.enough(1, percent / 100.0)).as("%d %%", percent).isEqualTo(enough);
            assertThat(levels.enough(0, percent / 100.0)).isZero();
        }
    }

    @Test
    void shouldHoldTheCheapestHitsAtLeast() {
        KeptMemory kept = new KeptMemory(new int[] {100, 300});
        // Two hits of 100 MiB for 1 s, one of 300 MiB for 1 s, in 10 s.
        for (long ms : new long[] {0, 1_000, 2_000}) {
            kept.invoked(0, ms * NS_PER_MS);
        }
        kept.invoked(1, 5_000 * NS_PER_MS);
        kept.invoked(1, 6_000 * NS_PER_MS);

        long durationNs = 10_000 * NS_PER_MS;
        assertThat(kept.leastMib(0, durationNs)).isZero();
        assertThat(kept.leastMib(2, durationNs)).isBetween(19L, 20L);
        assertThat(kept.leastMib(3, durationNs)).isBetween(49L, 50L);
    }

    @Test
    void shouldProvisionByNumberOrByShareOfTheTime() {
        BusyLevels levels = new BusyLevels(1);
        levels.arrived(0, 0, 90);
        levels.arrived(0, 50, 50);
        levels.close(50);

        assertThat(Provisioned.parse("none").of(0, levels)).isZero();
        assertThat(Provisioned.parse("3").of(0, levels)).isEqualTo(3);
        assertThat(Provisioned.parse("p50").of(0, levels)).isEqualTo(1);
        assertThat(Provisioned.parse("p99").of(0, levels)).isEqualTo(2);
        assertThatThrownBy(() -> Provisioned.parse("some"))
                .hasMessage("'some', must be none, a number for each function, or a share of its time such as p99");
        assertThatThrownBy(() -> Provisioned.parse("p100")).hasMessageContaining("must be none");
    }
}
