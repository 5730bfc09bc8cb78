package dev.thaw.results.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class JointRatioTest {
    private static final int TIMES = 200;
    private static final int RUNS = 7;
    private static final int FUNCTIONS = 30;
    private static final int DRAWS = 200;
    private static final int EXCHANGES = 199;
    private static final Design DESIGN = new Design(RUNS, RUNS, false, false);

    /** What the runs say of each function: a run's luck is that of all its functions. */
    private static double[][] functions(long seed, double ratio) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] functions = new double[FUNCTIONS][2 * RUNS];
        for (int run = 0; run < 2 * RUNS; run++) {
            double luck = 0.03 * random.nextGaussian();
            for (double[] function : functions) {
                function[run] = (run < RUNS ? 1 : ratio) * Math.exp(luck + 0.01 * random.nextGaussian());
            }
        }
        return functions;
    }

    private static Measure measure(double[] values) {
        double[] ones = new double[values.length];
        Arrays.fill(ones, 1);
        return Measure.quotient(values, ones);
    }

    @Test
    void shouldCountARunsLuckOnceHoweverManyFunctionsShareIt() {
        double ratio = 1.02;
        int covered = 0;
        int coveredByRows = 0;
        int found = 0;
        for (int time = 0; time < TIMES; time++) {
            JointRatio joint = new JointRatio(DESIGN, DRAWS, EXCHANGES);
            JointRatio none = new JointRatio(DESIGN, DRAWS, EXCHANGES);
            double[] ratios = new double[FUNCTIONS];
            double[][] changed = functions(time, ratio);
            double[][] same = functions(time, 1);
            for (int function = 0; function < FUNCTIONS; function++) {
                RatioTest test = new RatioTest(DESIGN, DRAWS, EXCHANGES, time);
                ratios[function] =
                        test.within(joint).of(measure(changed[function])).ratio();
                test.within(none).of(measure(same[function]));
            }
            RatioEstimate ofRows = GeometricMean.of(ratios, DRAWS, EXCHANGES, time);
            assertThat(joint.estimate().ratio()).isCloseTo(ofRows.ratio(), within(1e-9));
            covered += holds(joint.estimate(), ratio);
            coveredByRows += holds(ofRows, ratio);
            found += none.estimate().p() < 0.05 ? 1 : 0;
        }
        assertThat(covered).isBetween(TIMES * 91 / 100, TIMES * 99 / 100);
        assertThat(found).as("differences that are none").isLessThanOrEqualTo(TIMES * 8 / 100);
        assertThat(coveredByRows).as("what rows alone would have covered").isLessThan(TIMES / 2);
    }

    private static int holds(RatioEstimate estimate, double ratio) {
        return estimate.low() <= ratio && ratio <= estimate.high() ? 1 : 0;
    }

    @Test
    void shouldLeaveOutWhatIsNotKnownInADraw() {
        JointRatio joint = new JointRatio(DESIGN, DRAWS, EXCHANGES);
        RatioTest test = new RatioTest(DESIGN, DRAWS, EXCHANGES, 1).within(joint);
        double[][] functions = functions(1, 1.5);
        test.of(measure(functions[0]));
        // Called in one run of either side only.
        double[] rare = new double[2 * RUNS];
        double[] calls = new double[2 * RUNS];
        for (int run : new int[] {0, RUNS}) {
            rare[run] = functions[1][run];
            calls[run] = 1;
        }
        test.of(Measure.quotient(rare, calls));

        RatioEstimate estimate = joint.estimate();
        assertThat(estimate.ratio()).isCloseTo(1.5, within(0.1));
        assertThat(estimate.low()).isBetween(1.2, estimate.ratio());
        assertThat(estimate.high()).isBetween(estimate.ratio(), 1.8);
        assertThat(estimate.smallestP()).isEqualTo(Math.max(DESIGN.smallestP(), 1.0 / (EXCHANGES + 1)));
    }
}
