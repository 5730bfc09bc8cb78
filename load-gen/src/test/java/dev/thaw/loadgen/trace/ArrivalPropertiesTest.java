package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class ArrivalPropertiesTest {
    private static final Quantiles DURATIONS = new Quantiles(new double[] {0, 0.5, 1}, new double[] {0, 10, 1000});

    /** Counts per minute, one function after the other, but those left out. */
    private static List<String> walk(List<Integer> counts, int minutes, TraceOptions options, int without) {
        MinuteTable table = new MinuteTable(minutes, options);
        long[] streams = new long[(counts.size() + minutes - 1) / minutes];
        int[] dense = new int[streams.length];
        for (int f = 0; f < streams.length; f++) {
            streams[f] = Seeds.of("f" + f);
            dense[f] = f;
            if (f != without) {
                table.add(f, perMinute(counts, f, minutes), DURATIONS);
            }
        }
        List<String> all = new ArrayList<>();
        for (StepCursor c = new StepCursor(table.steps(0), streams, dense, options); c.next(); ) {
            all.add(c.startNs() + ",f" + c.function() + "," + c.durationUs());
        }
        return all;
    }

    private static int[] perMinute(List<Integer> counts, int function, int minutes) {
        int[] perMinute = new int[minutes];
        for (int m = 0; m < minutes && function * minutes + m < counts.size(); m++) {
            perMinute[m] = counts.get(function * minutes + m);
        }
        return perMinute;
    }

    @Property(tries = 200)
    void shouldKeepCountsPerMinuteInOrderAndReproducibly(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 40) Integer> counts,
            @ForAll @IntRange(min = 1, max = 5) int minutes,
            @ForAll long seed,
            @ForAll StepArrivals arrivals) {
        TraceOptions options = TraceOptions.defaults().withSeed(seed).withArrivals(arrivals);
        List<String> walk = walk(counts, minutes, options, -1);
        int[][] seen = new int[(counts.size() + minutes - 1) / minutes][minutes];
        long lastNs = 0;
        for (String arrival : walk) {
            String[] parts = arrival.split(",", -1);
            long startNs = Long.parseLong(parts[0]);
            assertThat(startNs).isGreaterThanOrEqualTo(lastNs);
            lastNs = startNs;
            seen[Integer.parseInt(parts[1].substring(1))][(int) (startNs / MinuteTable.MINUTE_NS)]++;
        }
        for (int f = 0; f < seen.length; f++) {
            assertThat(seen[f]).isEqualTo(perMinute(counts, f, minutes));
        }
        assertThat(walk(counts, minutes, options, -1)).isEqualTo(walk);
    }

    @Property(tries = 100)
    void shouldNotReshuffleOtherFunctionsWhereOneIsGone(
            @ForAll @Size(min = 6, max = 12) List<@IntRange(max = 20) Integer> counts, @ForAll long seed) {
        TraceOptions options = TraceOptions.defaults().withSeed(seed);
        List<String> expected = walk(counts, 2, options, -1);
        expected.removeIf(row -> row.contains(",f1,"));
        assertThat(walk(counts, 2, options, 1)).isEqualTo(expected);
    }

    /** All functions' first arrivals at the minute's start are what unshifted loaders make. */
    @Property(tries = 20)
    void shouldMakeNoBurstAtTheMinutesStart(@ForAll long seed, @ForAll StepArrivals arrivals) {
        List<Integer> counts = Collections.nCopies(400, 3);
        List<String> walk =
                walk(counts, 1, TraceOptions.defaults().withSeed(seed).withArrivals(arrivals), -1);
        long inFirstSecond = walk.stream()
                .filter(row -> Long.parseLong(row.substring(0, row.indexOf(','))) < 1_000_000_000L)
                .count();
        // 20 of 1200 expected, standard deviation 4.4, of bunches about 6.
        assertThat(inFirstSecond).isLessThan(65);
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
        int[] perSecond = new int[60];
        for (String row : walk(List.of(60_000), 1, TraceOptions.defaults(), -1)) {
            perSecond[(int) (Long.parseLong(row.substring(0, row.indexOf(','))) / 1_000_000_000L)]++;
        }
        // 1000 expected each, standard deviation 31.
        assertThat(Arrays.stream(perSecond).min().orElseThrow()).isGreaterThan(850);
        assertThat(Arrays.stream(perSecond).max().orElseThrow()).isLessThan(1150);
    }
}
