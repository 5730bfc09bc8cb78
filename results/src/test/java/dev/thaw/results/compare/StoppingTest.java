package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.statistics.Design;
import dev.thaw.results.statistics.Measure;
import dev.thaw.results.statistics.RatioEstimate;
import dev.thaw.results.statistics.RatioTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A thousand times two variants in turns, looked at after every second round and ended by the interval's width: what is
 * then said of a known ratio, and of none.
 */
@Tag("slow")
final class StoppingTest {
    private static final int TIMES = 1000;
    private static final int FIRST_LOOK = 10;
    private static final int AT_MOST = 40;
    private static final Tightness WANTED = new Tightness("latency.p50", 0.02);
    private static final int DRAWS = 400;
    private static final int EXCHANGES = 999;
    private static final double LEVEL = 0.01;

    /** Runs of one machine, A's and B's in turns. */
    private static final class Turns {
        private final double[] a = new double[AT_MOST];
        private final double[] b = new double[AT_MOST];

        /** {@code luck}: by how much a start differs from the next; all drift together, from round to round. */
        Turns(long seed, double ratio, double luck) {
            SplittableRandom random = new SplittableRandom(seed);
            double drift = 0;
            for (int round = 0; round < AT_MOST; round++) {
                drift += 0.02 * random.nextGaussian();
                a[round] = Math.exp(drift + luck * random.nextGaussian());
                b[round] = ratio * Math.exp(drift + luck * random.nextGaussian());
            }
        }

        RatioEstimate after(int rounds, int exchanges, long seed) {
            double[] values = new double[2 * rounds];
            double[] ones = new double[2 * rounds];
            System.arraycopy(a, 0, values, 0, rounds);
            System.arraycopy(b, 0, values, rounds, rounds);
            Arrays.fill(ones, 1);
            return new RatioTest(new Design(rounds, rounds, true, false), DRAWS, exchanges, seed)
                    .of(Measure.quotient(values, ones));
        }

        int end(long seed) {
            int inARow = 0;
            int rounds = FIRST_LOOK;
            for (; rounds < AT_MOST; rounds += 2) {
                inARow = WANTED.isMet(after(rounds, 0, seed)) ? inARow + 1 : 0;
                if (inARow == Tightness.IN_A_ROW) {
                    break;
                }
            }
            return rounds;
        }
    }

    @ParameterizedTest
    @CsvSource({"0.010, 12, 13", "0.020, 12, 16", "0.030, 18, 26", "0.060, 39, 40"})
    void shouldCoverTheRatioAndCallNothingADifferenceWhereverItEnds(double luck, double least, double most) {
        double ratio = 1.03;
        int covered = 0;
        int stopped = 0;
        int rounds = 0;
        for (int time = 0; time < TIMES; time++) {
            Turns turns = new Turns(time, ratio, luck);
            int end = turns.end(time);
            rounds += end;
            RatioEstimate estimate = turns.after(end, 0, time);
            covered += estimate.low() <= ratio && ratio <= estimate.high() ? 1 : 0;
            // The same draws without a difference end at the same round.
            RatioEstimate none = new Turns(time, 1, luck).after(end, EXCHANGES, time);
            stopped += none.p() < LEVEL && none.ratio() > 1 ? 1 : 0;
        }
        System.out.println("luck " + luck + ": covered " + covered + ", stopped " + stopped + " of " + TIMES
                + ", rounds on average " + rounds / (double) TIMES);
        assertThat(covered).isBetween(930, 970);
        assertThat(stopped).isLessThanOrEqualTo(TIMES / 100);
        assertThat(rounds / (double) TIMES).as("rounds on average").isBetween(least, most);
    }
}
