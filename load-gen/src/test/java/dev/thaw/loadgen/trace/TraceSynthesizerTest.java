package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.loadgen.trace.derive.TraceInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceSynthesizerTest {
    @Example
    void shouldNameFunctionsAlikeWhateverTheLanguage() {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(TraceSynthesizer.synthesize(SynthesisOptions.demo(1))
                            .functions()
                            .getFirst()
                            .name())
                    .isEqualTo("synthetic-01");
        } finally {
            Locale.setDefault(usual);
        }
    }

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

    /** The demo's trace is what figures of other days were taken with. */
    @Example
    void shouldMakeTheTraceThatItAlwaysMade() {
        Trace trace = TraceSynthesizer.synthesize(SynthesisOptions.demo(1));
        assertThat(trace.summary().invocations()).isEqualTo(1_429);
        assertThat(trace.functions()).allMatch(f -> f.initUs() > 0);
    }

    @Property(tries = 12)
    void shouldMakeArrivalsOfEveryKind(
            @ForAll @IntRange(max = 1_000) int seed, @ForAll SynthesisOptions.Arrivals arrivals) {
        Trace trace = TraceSynthesizer.synthesize(
                new SynthesisOptions(seed, 5, 600_000_000_000L, 30, 1e6, 1_000_000, 512, arrivals, null));
        TraceInfo info = TraceInfo.of(trace);
        // The first function makes half of the invocations; by its kind alone they come in bunches, or not.
        assertThat(info.ratePerSec()).isBetween(10.0, 55.0);
        switch (arrivals) {
            case BURSTY -> assertThat(info.burstIndex()).isGreaterThan(3);
            case POISSON -> assertThat(info.burstIndex()).isBetween(0.6, 1.6);
            case UNIFORM, CONSTANT -> assertThat(info.burstIndex()).isLessThan(0.5);
            case MIXED -> assertThat(info.burstIndex()).isLessThan(1.6);
        }
        assertThat(info.minuteStart()).isLessThan(2);
    }

    @Test
    void shouldDrawFromPublishedDistributions(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("execTimeCDF.csv"), "5,0.5\n10,1\n");
        Files.writeString(folder.resolve("memCDF.csv"), "0,0\n300,0.0\n400,1.000000\n");
        Files.writeString(folder.resolve("invokesCDF.csv"), "1, 0.9\n1000, 1\n");
        Files.writeString(folder.resolve("CVs.csv"), "0,0.5\n2,1\n");
        SynthesisOptions options = new SynthesisOptions(
                1, 50, 60_000_000_000L, 50, 1e6, 1_000_000, 512, SynthesisOptions.Arrivals.MIXED, folder);
        TraceInfo info = TraceInfo.of(TraceSynthesizer.synthesize(options));
        assertThat(info.memoryMib().min()).isGreaterThanOrEqualTo(300);
        assertThat(info.memoryMib().max()).isLessThanOrEqualTo(400);
        assertThat(info.durationMs().p50()).isBetween(3.0, 12.0);
        Files.writeString(folder.resolve("memCDF.csv"), "0,0\n300,0.7\n200,1\n");
        assertThatThrownBy(() -> TraceSynthesizer.synthesize(options))
                .isInstanceOf(TraceException.class)
                .hasMessage(folder + "/memCDF.csv:3: value,share: '200,1', must be two numbers, neither below those"
                        + " before, the share at most 1");
    }

    /** The median function of Azure 2019, by ServerlessBench's own file. */
    @Example
    void shouldDrawFromTheRealDistributions() {
        Path folder = SharedTraces.file("serverlessbench-cdfs/execTimeCDF.csv").resolveSibling("");
        Trace trace = TraceSynthesizer.synthesize(new SynthesisOptions(
                1, 400, 60_000_000_000L, 200, 1e6, 890_000_000, 10_240, SynthesisOptions.Arrivals.MIXED, folder));
        TraceInfo info = TraceInfo.of(trace);
        // memCDF.csv passes one half between 135 and 140 MB.
        assertThat(info.memoryMib().p50()).isBetween(125.0, 152.0);
        assertThat(info.topTenthShare()).isGreaterThan(0.6);
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
