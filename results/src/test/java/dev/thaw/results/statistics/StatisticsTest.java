package dev.thaw.results.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The parts against arithmetic: what KnownAnswersTest holds of all of them together. */
final class StatisticsTest {
    private static final int MANY = 4999;

    @Test
    void shouldFindThePercentilesOfAnyWeightingOfUnits() {
        SplittableRandom random = new SplittableRandom(1);
        double[][] data = new double[5][];
        for (int unit = 0; unit < data.length; unit++) {
            data[unit] = random.doubles(1 + random.nextInt(40))
                    .map(value -> Math.round(value * 50))
                    .toArray();
        }
        PooledValues pooled =
                PooledValues.of(Arrays.stream(data).map(PooledValues.Unit::of).toList());
        for (int trial = 0; trial < 200; trial++) {
            int[] weights = random.ints(data.length, 0, 4).toArray();
            double share = random.nextDouble();
            double[] all = IntStream.range(0, data.length)
                    .boxed()
                    .flatMapToDouble(unit ->
                            IntStream.range(0, weights[unit]).boxed().flatMapToDouble(_ -> Arrays.stream(data[unit])))
                    .sorted()
                    .toArray();
            double expected =
                    all.length == 0 ? Double.NaN : all[Math.max(0, (int) Math.ceil(share * all.length - 1e-9) - 1)];
            assertThat(pooled.quantile(share).of(weights)).isEqualTo(expected);
        }
        assertThat(pooled.count(1, 3)).isEqualTo(data[1].length + data[2].length);
    }

    @Test
    void shouldCorrectAsHolmDid() {
        // By hand: 0.01 * 4, then 0.02 * 3 = 0.06, 0.03 * 2 = 0.06, 0.5 * 1.
        assertThat(Holm.adjust(new double[] {0.5, 0.01, 0.03, 0.02})).containsExactly(0.5, 0.04, 0.06, 0.06);
        assertThat(Holm.adjust(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThat(Holm.adjust(new double[0])).isEmpty();
    }

    @Test
    void shouldKnowTheLeastPOfItsUnits() {
        assertThat(new Design(5, 5, false, false).smallestP()).isCloseTo(2 / 252.0, within(1e-12));
        assertThat(new Design(3, 2, false, false).smallestP()).isCloseTo(0.2, within(1e-12));
        assertThat(new Design(16, 16, true, true).smallestP()).isCloseTo(Math.pow(2, -15), within(1e-12));
        assertThat(new Design(1, 1, false, false).smallestP()).isEqualTo(1);
    }

    @Test
    void shouldGiveThePOfCompleteSeparation() {
        // Of 10 units all five of A lie below all five of B: 2 of 252 deals are as far apart.
        double[] values = {1, 2, 3, 4, 5, 11, 12, 13, 14, 15};
        RatioEstimate estimate = test(new Design(5, 5, false, false), 1).of(mean(values));

        assertThat(estimate.p()).isCloseTo(2 / 252.0, within(0.004));
        assertThat(estimate.a()).isEqualTo(3);
        assertThat(estimate.ratio()).isCloseTo(13 / 3.0, within(1e-12));
        assertThat(estimate.low()).isBetween(1.0, estimate.ratio());
    }

    @Test
    void shouldGoOnWithExchangesOnlyWhereHardlyAnyIsAsFar() {
        Design design = new Design(12, 12, false, false);
        double[] apart = new double[24];
        double[] alike = new double[24];
        double[] ones = new double[24];
        for (int i = 0; i < 24; i++) {
            apart[i] = (i < 12 ? 1 : 2) + 0.01 * (i % 5);
            alike[i] = 1 + 0.01 * (i * 5 % 7);
            ones[i] = 1;
        }
        RatioTest test = new RatioTest(design, 200, 999, 1);

        assertThat(test.of(Measure.quotient(apart, ones)).p()).isEqualTo(0.001);
        assertThat(test.upTo(9_999).of(Measure.quotient(apart, ones)).p()).isEqualTo(0.0001);
        assertThat(test.upTo(9_999).of(Measure.quotient(apart, ones)).smallestP())
                .isEqualTo(0.0001);
        assertThat(test.upTo(9_999).of(Measure.quotient(alike, ones)).p())
                .isEqualTo(test.of(Measure.quotient(alike, ones)).p());
    }

    @Test
    void shouldSeeInPairsWhatDriftHidesOtherwise() {
        // Both sides drift by a factor of ten; B is 3 % more, all the time.
        double[] values = new double[32];
        for (int i = 0; i < 16; i++) {
            values[i] = Math.pow(10, i / 15.0) * (1 + 0.001 * (i % 3));
            values[16 + i] = Math.pow(10, i / 15.0) * 1.03;
        }
        RatioEstimate paired = test(new Design(16, 16, true, false), 1).of(mean(values));
        RatioEstimate apart = test(new Design(16, 16, false, false), 1).of(mean(values));

        assertThat(paired.p()).isLessThan(0.001);
        assertThat(paired.high() - paired.low()).isLessThan(0.01);
        assertThat(apart.p()).isGreaterThan(0.5);
        assertThat(apart.detectable(0.05, 0.8)).isGreaterThan(20 * paired.detectable(0.05, 0.8));
    }

    @Test
    void shouldSayTheSameForTheSameSeed() {
        double[] values = new SplittableRandom(3).doubles(20).toArray();
        Design design = new Design(10, 10, false, true);

        assertThat(test(design, 7).of(mean(values))).isEqualTo(test(design, 7).of(mean(values)));
        assertThat(test(design, 7).of(mean(values)))
                .isNotEqualTo(test(design, 8).of(mean(values)));
    }

    @Test
    void shouldTellNoRatioWhereOneSideHasNothingButStillTestIt() {
        double[] failures = new double[32];
        Arrays.fill(failures, 16, 32, 2);
        RatioEstimate estimate = test(new Design(16, 16, true, true), 1).of(Measure.quotient(failures, ones(32)));

        assertThat(estimate.ratio()).isNaN();
        assertThat(estimate.low()).isNaN();
        assertThat(estimate.p()).isLessThan(0.001);
    }

    @Test
    void shouldTellAnIntervalOfAMaximumThatDrawingAgainCouldNot() {
        SplittableRandom random = new SplittableRandom(5);
        double[] maxima = random.doubles(32).map(value -> Math.exp(value)).toArray();
        for (int i = 16; i < 32; i++) {
            maxima[i] *= 2;
        }
        RatioEstimate estimate = test(new Design(16, 16, false, true), 1).ofMaximum(maxima);

        assertThat(estimate.low()).isGreaterThan(1).isLessThan(2);
        assertThat(estimate.high()).isGreaterThan(2).isLessThan(4);
        assertThat(estimate.p()).isLessThan(0.05);
    }

    @Test
    void shouldWidenTheIntervalWhereNeighboursAreAlike() {
        double[] alike = new double[32];
        double[] mixed = new double[32];
        for (int i = 0; i < 32; i++) {
            alike[i] = 10 + Math.sin(i / 2.5);
            mixed[i] = 10 + Math.sin(i * 11 % 16 / 2.5); // the same values or so, out of order
        }
        Design design = new Design(16, 16, false, true);

        assertThat(spread(design, mean(alike)).dependence()).isGreaterThan(1.3);
        assertThat(spread(design, mean(mixed)).dependence()).isLessThan(1.1);
        assertThat(spread(new Design(16, 16, false, false), mean(alike)).dependence())
                .isEqualTo(1);
    }

    private static Spread spread(Design design, Measure measure) {
        return Spread.of(
                design,
                Spread.leftOut(measure, 0, design.a(), design.units()),
                Spread.leftOut(measure, design.a(), design.units(), design.units()));
    }

    @Test
    void shouldMeanPairedRatiosGeometrically() {
        RatioEstimate estimate = GeometricMean.of(new double[] {0.5, 2, 0.9, 1.1, 1.0, 1.0}, 2000, MANY, 1);

        assertThat(estimate.ratio()).isCloseTo(Math.pow(0.99, 1 / 6.0), within(1e-12));
        assertThat(estimate.low()).isBetween(0.5, 1.0);
        assertThat(estimate.high()).isBetween(1.0, 2.0);
        assertThat(estimate.p()).isGreaterThan(0.5);
        assertThat(GeometricMean.of(new double[] {0.5, 0.5}, 100, 100, 1).low()).isNaN();
    }

    @Test
    void shouldMeanMeasuresOfTheSameUnits() {
        Measure mean = Measure.geometricMean(List.of(mean(new double[] {1, 4}), mean(new double[] {4, 9})));

        assertThat(mean.of(new int[] {1, 0})).isCloseTo(2, within(1e-12));
        assertThat(mean.of(new int[] {0, 2})).isCloseTo(6, within(1e-12));
    }

    private static RatioTest test(Design design, long seed) {
        return new RatioTest(design, 1000, MANY, seed);
    }

    private static Measure mean(double[] values) {
        return Measure.quotient(values, ones(values.length));
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }
}
