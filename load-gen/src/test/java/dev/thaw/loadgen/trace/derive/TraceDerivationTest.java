package dev.thaw.loadgen.trace.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.SynthesisOptions;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceSynthesizer;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Traces made of others: {@link TraceSample} and {@link TraceScale}. */
final class TraceDerivationTest {
    private static Trace synthetic(long seed, int functions) {
        return TraceSynthesizer.synthesize(
                new SynthesisOptions(seed, functions, 120_000_000_000L, 20, 1e6, 2_000_000, 1024));
    }

    private static Map<String, Integer> perMinute(Trace trace) {
        Map<String, Integer> counts = new TreeMap<>();
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            String name = trace.functions().get(c.function()).name();
            counts.merge(name + " " + c.startNs() / Trace.MINUTE_NS, 1, Integer::sum);
        }
        return counts;
    }

    private static StringBuilder text(Trace trace) {
        StringBuilder text = new StringBuilder(trace.functions().toString());
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            text.append('\n')
                    .append(c.startNs())
                    .append(' ')
                    .append(c.function())
                    .append(' ')
                    .append(c.durationUs());
        }
        return text;
    }

    @Property(tries = 15)
    void shouldFindASampleThatIsNearerThanRandomOnes(@ForAll @IntRange(max = 1_000) int seed) {
        Trace whole = synthetic(seed, 80);
        SampleOptions options = new SampleOptions(12, seed, 20, 300);
        TraceSample sample = TraceSample.of(whole, options);
        assertThat(sample.trace().functions()).hasSize(12).isSubsetOf(whole.functions());
        assertThat(sample.distance()).isLessThan(sample.randomDistance());
        assertThat(text(TraceSample.of(whole, options).trace()))
                .hasToString(text(sample.trace()).toString());
        Map<String, Integer> kept = perMinute(sample.trace());
        Map<String, Integer> all = perMinute(whole);
        assertThat(all).containsAllEntriesOf(kept);
        assertThat(sample.trace().summary().invocations())
                .isEqualTo(kept.values().stream().mapToInt(i -> i).sum());
    }

    /** Of everything, nothing is different; of one of two, half of the area between two points. */
    @Example
    void shouldMeasureWassersteinDistances() {
        SampleFeature feature = new SampleFeature(new double[] {10, 0});
        assertThat(feature.distance(new boolean[] {true, true}, 2)).isZero();
        // |1 - 1/2| x 10, by a standard deviation of 5.
        assertThat(feature.distance(new boolean[] {false, true}, 1)).isCloseTo(1.0, within(1e-12));
        assertThat(feature.distance(new boolean[] {true, false}, 1)).isCloseTo(1.0, within(1e-12));
        SampleFeature three = new SampleFeature(new double[] {0, 3, 9});
        double deviation = Math.sqrt((16 + 1 + 25) / 3.0);
        // Sample {3}: below 3 |0 - 1/3| x 3, below 9 |1 - 2/3| x 6.
        assertThat(three.distance(new boolean[] {false, true, false}, 1)).isCloseTo(3 / deviation, within(1e-12));
    }

    @Example
    void shouldKeepTheWholeWhereAllAreAskedForAndRefuseMore() {
        Trace whole = synthetic(3, 9);
        TraceSample sample = TraceSample.of(whole, new SampleOptions(9, 1, 2, 10));
        assertThat(sample.distance()).isZero();
        assertThat(text(sample.trace())).hasToString(text(whole).toString());
        assertThatThrownBy(() -> TraceSample.of(whole, new SampleOptions(10, 1, 2, 10)))
                .hasMessage("functions: '10', must be at most the trace's 9");
    }

    @Property(tries = 20)
    void shouldMultiplyEveryMinutesCountByWholeFactors(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int factor) {
        Trace trace = synthetic(7, 20);
        Trace more = TraceScale.of(trace, factor, 1, seed);
        Map<String, Integer> expected = perMinute(trace);
        expected.replaceAll((key, count) -> count * factor);
        assertThat(perMinute(more)).isEqualTo(expected);
        long lastNs = 0;
        for (ArrivalCursor c = more.arrivals(); c.next(); ) {
            assertThat(c.startNs()).isGreaterThanOrEqualTo(lastNs);
            lastNs = c.startNs();
        }
    }

    /** Half a minute has no second half for copies to fall into. */
    @Property(tries = 20)
    void shouldKeepCopiesInsideTheTrace(@ForAll long seed) {
        long halfMinuteNs = Trace.MINUTE_NS / 2;
        Trace trace =
                TraceSynthesizer.synthesize(new SynthesisOptions(seed, 4, 3 * halfMinuteNs, 2, 100, 1_000_000, 1_024));
        Trace more = TraceScale.of(trace, 3, 1, seed);
        assertThat(more.summary().invocations()).isEqualTo(3 * trace.summary().invocations());
        for (ArrivalCursor c = more.arrivals(); c.next(); ) {
            assertThat(c.startNs()).isLessThan(3 * halfMinuteNs);
        }
    }

    @Property(tries = 20)
    void shouldThinByChanceAndKeepOfLessAPartOfMore(
            @ForAll @IntRange(max = 1_000) int seed, @ForAll @DoubleRange(min = 0.2, max = 0.9) double rate) {
        Trace trace = synthetic(7, 20);
        Trace fewer = TraceScale.of(trace, rate, 1, seed);
        long all = trace.summary().invocations();
        // Five standard deviations.
        assertThat((double) fewer.summary().invocations())
                .isCloseTo(all * rate, within(5 * Math.sqrt(all * rate * (1 - rate)) + 1));
        Map<String, Integer> half = perMinute(TraceScale.of(trace, rate / 2, 1, seed));
        Map<String, Integer> full = perMinute(fewer);
        half.forEach((key, count) -> assertThat(full.get(key)).isGreaterThanOrEqualTo(count));
        assertThat(text(TraceScale.of(trace, rate, 1, seed)))
                .hasToString(text(fewer).toString());
    }

    @Example
    void shouldStretchStartsAndKeepDurations() {
        Trace trace = synthetic(7, 20);
        Trace slower = TraceScale.of(trace, 1, 2.5, 1);
        assertThat(slower.summary().durationNs()).isEqualTo(300_000_000_000L);
        ArrivalCursor slow = slower.arrivals();
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            assertThat(slow.next()).isTrue();
            assertThat(slow.startNs()).isEqualTo((long) (c.startNs() * 2.5));
            assertThat(slow.durationUs()).isEqualTo(c.durationUs());
        }
        assertThatThrownBy(() -> TraceScale.of(trace, 0, 1, 1)).hasMessage("rate: '0.0', must be 0.000001..1000");
    }
}
