package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class TraceSynthesizerTest {
    @Property(tries = 50)
    void shouldMakeATraceThatALaptopCanRun(@ForAll long seed) {
        SynthesisOptions options = SynthesisOptions.demo(seed);
        Trace trace = TraceSynthesizer.synthesize(options);
        long[] counts = new long[trace.functions().size()];
        double busySec = 0;
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            assertThat(c.startNs()).isBetween(0L, options.durationNs() - 1);
            assertThat(c.durationUs()).isBetween(0, options.maxDurationUs());
            busySec += c.durationUs() / 1e6;
            counts[c.function()]++;
        }
        assertThat(trace.functions()).hasSize(36).allMatch(f -> f.memoryMib() >= 128 && f.memoryMib() <= 1024);
        // Rare functions are invoked at least once, which adds up to 36 x 2 s; 6 under way on average are 360 s.
        assertThat(busySec).isBetween(1.0, 60 * 6 * 1.6 + 72);
        long total = Arrays.stream(counts).sum();
        assertThat(total).isBetween(100L, 2_300L);
        Arrays.sort(counts);
        long top = Arrays.stream(counts, counts.length - 7, counts.length).sum();
        assertThat((double) top / total).isGreaterThan(0.5);
    }

    @Example
    void shouldMakeTheSameTraceForTheSameSeed() {
        assertThat(text(7)).isEqualTo(text(7)).isNotEqualTo(text(8));
    }

    private static String text(long seed) {
        Trace trace = TraceSynthesizer.synthesize(SynthesisOptions.demo(seed));
        StringBuilder text = new StringBuilder(trace.functions().toString());
        for (ArrivalCursor c = trace.arrivals(); c.next(); ) {
            text.append('\n')
                    .append(c.startNs())
                    .append(' ')
                    .append(c.function())
                    .append(' ')
                    .append(c.durationUs());
        }
        return text.toString();
    }

    @Example
    void shouldRefuseSettingsOutOfBounds() {
        assertThatThrownBy(() -> new SynthesisOptions(1, 0, 1, 1, 1, 1_000, 128))
                .isInstanceOf(TraceException.class)
                .hasMessage("functions: '0.0', must be 1.0..100000.0");
    }
}
