package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.PlanRun;
import dev.thaw.results.statistics.BlockBootstrap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How sure the memory of a function is, by sizes whose latency and cost are known in each window. */
final class SizeChoiceTest {
    private static final int WINDOWS = 64;
    private static final BlockBootstrap BOOTSTRAP = new BlockBootstrap(WINDOWS, 1, 2_000, 1);
    private static final Optional<Objective> BELOW_100_MS =
            Objectives.parse("p99<100ms").latencies().stream().findFirst();

    private static double sum(double[] values, int[] weights) {
        double sum = 0;
        for (int window = 0; window < WINDOWS; window++) {
            sum += values[window] * weights[window];
        }
        return sum;
    }

    private static SizeOption option(int memoryMib, double[] latencyMs, double[] usd) {
        return new SizeOption(
                memoryMib,
                Arrays.stream(latencyMs).average().orElseThrow(),
                Arrays.stream(usd).sum(),
                5_000,
                new SizeOption.Draws(
                        WINDOWS,
                        BOOTSTRAP.drawn(weights -> sum(latencyMs, weights) / WINDOWS),
                        BOOTSTRAP.drawn(weights -> sum(usd, weights))),
                List.of());
    }

    private static double[] constant(double value) {
        double[] values = new double[WINDOWS];
        Arrays.fill(values, value);
        return values;
    }

    private static double[] noise(double mean, double spread, long seed) {
        return new SplittableRandom(seed)
                .doubles(WINDOWS)
                .map(each -> mean + spread * (each - 0.5))
                .toArray();
    }

    @Test
    void shouldBeSureOfASizeThatIsCheaperInEveryWindow() {
        double[] usd = noise(4, 4, 1);
        SizeChoice choice = new SizeChoice(
                List.of(
                        option(512, constant(50), usd),
                        option(
                                1_024,
                                constant(20),
                                Arrays.stream(usd).map(each -> 0.8 * each).toArray())),
                BELOW_100_MS);

        assertThat(choice.chosen().memoryMib()).isEqualTo(1_024);
        assertThat(choice.shares()).containsExactly(Map.entry(1_024, 1.0));
        PlanRun.Interval ratio = Objects.requireNonNull(choice.usdRatio(BOOTSTRAP));
        assertThat(ratio.value()).isCloseTo(0.8, within(1e-9));
        assertThat(ratio.low()).isEqualTo(0.8);
        assertThat(ratio.high()).isEqualTo(0.8);
        PlanRun.Interval usdThen = SizeChoice.usd(choice.chosen(), BOOTSTRAP);
        assertThat(usdThen.high()).isNotNull().isGreaterThan(1.02 * usdThen.value());
        assertThat(choice.tooFew(BOOTSTRAP)).isNull();
    }

    /** What one window in 64 decides is drawn never in (1 - 1/64)^64 of the draws, 36.5 %. */
    @Test
    void shouldSayInHowManyDrawsAnotherSizeIsChosen() {
        double[] slowOnce = constant(99);
        slowOnce[17] = 99 + 2 * WINDOWS;
        SizeChoice choice = new SizeChoice(
                List.of(option(512, slowOnce, constant(1)), option(1_769, constant(40), constant(3))), BELOW_100_MS);

        assertThat(choice.chosen().memoryMib()).isEqualTo(1_769);
        double never = Math.pow(1 - 1.0 / WINDOWS, WINDOWS);
        assertThat(choice.shares()).containsOnlyKeys(512, 1_769);
        assertThat(choice.shares().get(512)).isCloseTo(never, within(0.035));
        assertThat(choice.shares().get(1_769)).isCloseTo(1 - never, within(0.035));
    }

    @Test
    void shouldBeUndecidedBetweenSizesThatCostTheSame() {
        double[] left = noise(4, 4, 1);
        double[] right = noise(4, 4, 2);
        double shift = (Arrays.stream(left).sum() - Arrays.stream(right).sum()) / WINDOWS;
        SizeChoice choice = new SizeChoice(
                List.of(
                        option(512, constant(50), left),
                        option(
                                1_024,
                                constant(20),
                                Arrays.stream(right).map(each -> each + shift).toArray())),
                BELOW_100_MS);

        assertThat(choice.shares().values())
                .allSatisfy(share -> assertThat(share).isCloseTo(0.5, within(0.05)));
    }

    @Test
    void shouldSayWhyThereAreNoIntervals() {
        SizeOption.Draws none = new SizeOption.Draws(3, new double[0], new double[0]);
        SizeChoice few = new SizeChoice(List.of(new SizeOption(512, 5, 1, 999, none, List.of())), BELOW_100_MS);
        SizeChoice seldom = new SizeChoice(List.of(new SizeOption(512, 5, 1, 1_000, none, List.of())), BELOW_100_MS);

        assertThat(few.tooFew(BOOTSTRAP)).isEqualTo("999 invocations, must be 1000 for p99");
        assertThat(seldom.tooFew(BOOTSTRAP)).isEqualTo("invoked in 3 of 64 windows, must be 4");
        assertThat(seldom.tooFew(BlockBootstrap.of(3, 10, 1))).isEqualTo("the trace is too short to be drawn again");
        assertThat(few.shares()).isEmpty();
        assertThat(SizeChoice.latencyMs(few.now(), BOOTSTRAP)).isEqualTo(new PlanRun.Interval(5, null, null));
        assertThat(few.usdRatio(BOOTSTRAP)).isNull();
    }
}
