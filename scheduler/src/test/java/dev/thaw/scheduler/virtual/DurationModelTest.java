package dev.thaw.scheduler.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class DurationModelTest {
    private static final int DRAWS = 200_000;
    private final Draws draws = new Draws(7);

    @Test
    void shouldDrawAnExponentialOne() {
        long[] sorted = sorted(new DurationModel.Exponential(1e9));

        assertThat(mean(sorted)).isCloseTo(1e9, withinPercentage(1));
        assertThat((double) sorted[DRAWS / 2]).isCloseTo(1e9 * Math.log(2), withinPercentage(1.5));
        assertThat((double) sorted[(int) (DRAWS * 0.99)]).isCloseTo(1e9 * Math.log(100), withinPercentage(2));
    }

    /** Huawei's cold starts: mean 3.24 s, median 1.35 s, p99 about 29 s. */
    @Test
    void shouldDrawALogNormalOne() {
        long[] sorted = sorted(new DurationModel.LogNormal(0.296 + Math.log(1e9), 1.326));

        assertThat((double) sorted[DRAWS / 2]).isCloseTo(1.345e9, withinPercentage(2));
        assertThat(mean(sorted)).isCloseTo(3.24e9, withinPercentage(3));
        assertThat((double) sorted[(int) (DRAWS * 0.99)]).isCloseTo(29.4e9, withinPercentage(4));
    }

    @Test
    void shouldFindTheLogNormalOneOfAMedianAndAMean() {
        assertThat(DurationModel.LogNormal.ofMedianAndMean(100, 150).sigma())
                .isCloseTo(Math.sqrt(2 * Math.log(1.5)), within(1e-12));
    }

    @Test
    void shouldDrawStraightLinesBetweenQuantiles() {
        DurationModel model = new DurationModel.Quantiles(new double[] {0, 0.5, 1}, new long[] {100, 200, 1_200});

        long[] sorted = sorted(model);

        assertThat(sorted[0]).isGreaterThanOrEqualTo(100);
        assertThat((double) sorted[DRAWS / 4]).isCloseTo(150, within(1.0));
        assertThat((double) sorted[DRAWS / 2]).isCloseTo(200, within(6.0));
        assertThat((double) sorted[DRAWS * 3 / 4]).isCloseTo(700, within(10.0));
        assertThat(sorted[DRAWS - 1]).isLessThanOrEqualTo(1_200);
    }

    /** Neighbours in any of the three coordinates have nothing to do with each other. */
    @Test
    void shouldDrawIndependentNumbersByName() {
        double ordinals = 0;
        double functions = 0;
        double purposes = 0;
        double again = 0;
        for (int at = 0; at < DRAWS; at++) {
            double here = Draws.unit(draws.bits(3, at, Purpose.WORK)) - 0.5;
            ordinals += here * (Draws.unit(draws.bits(3, at + 1, Purpose.WORK)) - 0.5);
            functions += here * (Draws.unit(draws.bits(4, at, Purpose.WORK)) - 0.5);
            purposes += here * (Draws.unit(draws.bits(3, at, Purpose.CREATE)) - 0.5);
            again += here * (Draws.unit(Draws.again(draws.bits(3, at, Purpose.WORK))) - 0.5);
        }
        double noise = 5 / Math.sqrt(DRAWS);
        assertThat(new double[] {ordinals, functions, purposes, again})
                .satisfies(sums -> Arrays.stream(sums)
                        .forEach(sum -> assertThat(sum * 12 / DRAWS).isCloseTo(0, within(noise))));
    }

    /** The numbers are part of every seed's results: they must never change. */
    @Test
    void shouldDrawTheSameForEver() {
        assertThat(draws.bits(1, 2, Purpose.INIT_FUNCTION)).isEqualTo(new Draws(7).bits(1, 2, Purpose.INIT_FUNCTION));
        assertThat(new DurationModel.LogNormal(20, 1).drawNs(draws.bits(1, 2, Purpose.INIT_FUNCTION)))
                .isEqualTo(526_840_094L);
    }

    @Test
    void shouldRefuseWhatIsNoDistribution() {
        assertThatThrownBy(() -> new DurationModel.Constant(-1)).hasMessage("ns is -1.0, must be 0 or more");
        assertThatThrownBy(() -> new DurationModel.Exponential(Double.NaN))
                .hasMessage("meanNs is NaN, must be 0 or more");
        assertThatThrownBy(() -> new DurationModel.Quantiles(new double[] {0, 1}, new long[] {2, 1}))
                .hasMessage("quantile 1 is 1 ns at 1.0, must not be below the one before it");
        assertThatThrownBy(() -> new DurationModel.Quantiles(new double[] {0.1, 1}, new long[] {2, 1}))
                .hasMessage("quantiles have 2 probabilities and 2 durations, must be as many, 2 or more, from 0 to 1");
        assertThatThrownBy(() -> new FaultModel(0, 0, 0.7, 0.7))
                .hasMessage("probability of fault exit + error is 1.4, must be 0..1");
    }

    private long[] sorted(DurationModel model) {
        long[] drawn = new long[DRAWS];
        for (int at = 0; at < DRAWS; at++) {
            drawn[at] = model.drawNs(draws.bits(0, at, Purpose.WORK));
        }
        Arrays.sort(drawn);
        return drawn;
    }

    private static double mean(long[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
