package dev.thaw.results.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.statistics.BlockBootstrap.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BlockBootstrapTest {
    private static Measure mean(double[] values) {
        double[] ones = new double[values.length];
        Arrays.fill(ones, 1);
        return Measure.quotient(values, ones);
    }

    @Test
    void shouldDrawBlocksOfNeighboursInACircle() {
        List<int[]> draws = new ArrayList<>();
        new BlockBootstrap(10, 4, 500, 1).each(weights -> draws.add(weights.clone()));

        assertThat(draws).hasSize(500);
        int[] drawn = new int[10];
        for (int[] weights : draws) {
            assertThat(Arrays.stream(weights).sum()).isEqualTo(10);
            // Two whole blocks and half of one: no more than three runs of neighbours.
            int begins = 0;
            for (int unit = 0; unit < 10; unit++) {
                begins += weights[unit] > 0 && weights[(unit + 9) % 10] == 0 ? 1 : 0;
                drawn[unit] += weights[unit];
            }
            assertThat(begins).isBetween(0, 3);
        }
        assertThat(Arrays.stream(drawn)).allMatch(count -> count > 350 && count < 650);
    }

    @Test
    void shouldCoverTheMeanOfIndependentUnitsInNineteenOfTwenty() {
        SplittableRandom random = new SplittableRandom(7);
        int covered = 0;
        for (int trial = 0; trial < 400; trial++) {
            double[] values = random.doubles(40).map(each -> 1 + each).toArray();
            Interval interval = BlockBootstrap.of(40, 400, trial).of(mean(values));
            covered += interval.low() <= 1.5 && 1.5 <= interval.high() ? 1 : 0;
        }
        assertThat(covered / 400.0).isCloseTo(0.95, within(0.035));
    }

    @Test
    void shouldWidenWhereNeighboursAreAlike() {
        SplittableRandom random = new SplittableRandom(3);
        double[] alike = new double[64];
        for (int unit = 0; unit < 64; unit++) {
            alike[unit] = unit % 4 == 0 ? 1 + random.nextDouble() : alike[unit - 1];
        }
        Interval blocks = BlockBootstrap.of(64, 2_000, 1).of(mean(alike));
        Interval singles = new BlockBootstrap(64, 1, 2_000, 1).of(mean(alike));

        assertThat(blocks.high() - blocks.low()).isGreaterThan(1.4 * (singles.high() - singles.low()));
        assertThat(BlockBootstrap.of(64, 2_000, 1).of(mean(alike))).isEqualTo(blocks);
    }

    @Test
    void shouldLeaveOutFewerOfTheDrawsWhereBlocksAreFew() {
        // Student's t of 16 and of 4 blocks, and what a mean of so few lacks.
        assertThat(BlockBootstrap.of(64, 100, 1).outer()).isCloseTo(0.0139, within(0.0005));
        assertThat(BlockBootstrap.of(8, 100, 1).outer()).isLessThan(0.001);
    }

    @Test
    void shouldGiveNoIntervalOfTooFew() {
        Interval interval = BlockBootstrap.of(3, 100, 1).of(mean(new double[] {1, 2, 3}));

        assertThat(interval.value()).isEqualTo(2);
        assertThat(interval.low()).isNaN();
        // What never happened is no sure zero.
        assertThat(BlockBootstrap.of(8, 100, 1).of(mean(new double[8])))
                .isEqualTo(new Interval(0, Double.NaN, Double.NaN));
        assertThatThrownBy(() -> new BlockBootstrap(3, 4, 1, 1)).hasMessageContaining("no longer than the series");
    }
}
