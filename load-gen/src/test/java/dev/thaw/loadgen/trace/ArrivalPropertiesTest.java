package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class ArrivalPropertiesTest {
    private static final int[] NO_COUNTS = {};

    private static List<MinuteFunction> functions(List<Integer> counts, int minutes) {
        List<MinuteFunction> functions = new ArrayList<>();
        for (int i = 0; i * minutes < counts.size(); i++) {
            int[] perMinute = NO_COUNTS;
            perMinute = Arrays.copyOf(perMinute, minutes);
            for (int m = 0; m < minutes && i * minutes + m < counts.size(); m++) {
                perMinute[m] = counts.get(i * minutes + m);
            }
            Quantiles durations = new Quantiles(new double[] {0, 0.5, 1}, new double[] {0, 10, 1000});
            functions.add(new MinuteFunction(new TraceFunction("f" + i, "f" + i, 128), perMinute, durations));
        }
        return functions;
    }

    private static List<String> walk(List<MinuteFunction> functions, int minutes, TraceOptions options) {
        List<String> all = new ArrayList<>();
        for (MinuteCursor c = new MinuteCursor(functions, minutes, options, new TraceNotes()); c.next(); ) {
            all.add(c.startNs() + "," + functions.get(c.function()).function().name() + "," + c.durationUs());
        }
        return all;
    }

    @Property(tries = 200)
    void shouldKeepCountsPerMinuteInOrderAndReproducibly(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 40) Integer> counts,
            @ForAll @IntRange(min = 1, max = 5) int minutes,
            @ForAll long seed,
            @ForAll boolean equidistant) {
        TraceOptions options = TraceOptions.defaults().withSeed(seed).withEquidistant(equidistant);
        List<MinuteFunction> functions = functions(counts, minutes);
        int[][] seen = new int[functions.size()][minutes];
        long lastNs = 0;
        for (MinuteCursor c = new MinuteCursor(functions, minutes, options, new TraceNotes()); c.next(); ) {
            assertThat(c.startNs()).isGreaterThanOrEqualTo(lastNs);
            lastNs = c.startNs();
            seen[c.function()][(int) (lastNs / MinuteFunction.MINUTE_NS)]++;
        }
        for (int f = 0; f < seen.length; f++) {
            for (int m = 0; m < minutes; m++) {
                assertThat(seen[f][m]).isEqualTo(functions.get(f).count(m));
            }
        }
        assertThat(walk(functions, minutes, options)).isEqualTo(walk(functions, minutes, options));
    }

    @Property(tries = 100)
    void shouldNotReshuffleOtherFunctionsWhereOneIsGone(
            @ForAll @Size(min = 6, max = 12) List<@IntRange(max = 20) Integer> counts, @ForAll long seed) {
        TraceOptions options = TraceOptions.defaults().withSeed(seed);
        List<MinuteFunction> functions = functions(counts, 2);
        List<String> without = walk(functions, 2, options);
        without.removeIf(row -> row.contains(",f1,"));
        List<MinuteFunction> fewer = new ArrayList<>(functions);
        fewer.remove(1);
        assertThat(walk(fewer, 2, options)).isEqualTo(without);
    }

    @Property(tries = 100)
    void shouldNotGoBackAndRepeatBySeed(
            @ForAll @IntRange(min = 1, max = 1_000_000) int rate,
            @ForAll long seed,
            @ForAll @IntRange(max = 2) int kind) {
        LongFunction<ArrivalSequence> make = s -> switch (kind) {
            case 0 -> ArrivalSequence.constant(rate);
            case 1 -> ArrivalSequence.uniform(rate, s);
            default -> ArrivalSequence.poisson(rate, s);
        };
        ArrivalSequence one = make.apply(seed);
        ArrivalSequence two = make.apply(seed);
        long lastNs = 0;
        for (int i = 0; i < 200; i++) {
            long startNs = one.nextStartNs();
            assertThat(startNs).isGreaterThanOrEqualTo(lastNs).isEqualTo(two.nextStartNs());
            lastNs = startNs;
        }
    }

    @Example
    void shouldSpaceConstantArrivalsWithoutDrift() {
        ArrivalSequence sequence = ArrivalSequence.constant(3);
        long lastNs = 0;
        for (int i = 0; i <= 3_000_000; i++) {
            lastNs = sequence.nextStartNs();
        }
        assertThat(lastNs).isEqualTo(1_000_000_000_000_000L);
    }

    @Example
    void shouldPutOneUniformArrivalIntoEachPeriod() {
        ArrivalSequence sequence = ArrivalSequence.uniform(1000, 5);
        for (int i = 0; i < 10_000; i++) {
            assertThat(sequence.nextStartNs() / 1_000_000).isEqualTo(i);
        }
    }

    @Example
    void shouldHaveThePoissonProcessMeanAndVariance() {
        ArrivalSequence sequence = ArrivalSequence.poisson(100, 42);
        int seconds = 20_000;
        long[] counts = new long[seconds];
        for (long ns = sequence.nextStartNs(); ns < seconds * 1_000_000_000L; ns = sequence.nextStartNs()) {
            counts[(int) (ns / 1_000_000_000L)]++;
        }
        double mean = Arrays.stream(counts).average().orElseThrow();
        double variance =
                Arrays.stream(counts).mapToDouble(c -> (c - mean) * (c - mean)).sum() / seconds;
        // Four standard errors: of the mean 0.07, of the variance 1.0.
        assertThat(mean).isCloseTo(100, within(0.28));
        assertThat(variance).isCloseTo(100, within(4.0));
    }

    @Example
    void shouldSpreadMinuteArrivalsOverTheMinute() {
        List<MinuteFunction> functions = functions(List.of(60_000), 1);
        int[] perSecond = new int[60];
        for (MinuteCursor c = new MinuteCursor(functions, 1, TraceOptions.defaults(), new TraceNotes()); c.next(); ) {
            perSecond[(int) (c.startNs() / 1_000_000_000L)]++;
        }
        // 1000 expected each, standard deviation 31.
        assertThat(Arrays.stream(perSecond).min().orElseThrow()).isGreaterThan(850);
        assertThat(Arrays.stream(perSecond).max().orElseThrow()).isLessThan(1150);
    }
}
