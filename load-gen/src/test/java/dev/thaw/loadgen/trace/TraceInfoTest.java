package dev.thaw.loadgen.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.loadgen.trace.derive.TraceInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;

/** Known answers are of another program (Python's statistics), not of this one. */
final class TraceInfoTest {
    private static final Offset<Double> NEAR = within(1e-9);

    private static TraceInfo info(String name) {
        return TraceInfo.of(Trace.open(SharedTraces.file(name), TraceFormat.AUTO, TraceOptions.defaults()));
    }

    @Example
    void shouldKnowTheAnswersForIluvatarsTrace() {
        TraceInfo info = info("iluvatar/trace.csv");
        assertThat(info.invocations()).isEqualTo(11_868);
        assertThat(info.functions()).isEqualTo(21);
        assertThat(info.durationSec()).isEqualTo(299.973000001);
        assertThat(info.ratePerSec()).isCloseTo(39.56356072033295, NEAR);
        assertThat(info.peakPerSec()).isEqualTo(50);
        assertThat(info.peakPerMinute()).isEqualTo(2_417);
        assertThat(info.iatMeanMs()).isCloseTo(25.277407937979273, NEAR);
        assertThat(info.iatCv()).isCloseTo(0.8939292704973606, NEAR);
        assertThat(info.functionIatCvMedian()).isCloseTo(0.5023992465809745, NEAR);
        assertThat(info.burstIndex()).isCloseTo(0.43730367374452306, NEAR);
        assertThat(info.minuteStart()).isCloseTo(1.0010111223458038, NEAR);
        assertThat(info.busyMean()).isCloseTo(28.59618365643121, NEAR);
        assertThat(info.topTenthShare()).isCloseTo(0.5669025952140209, NEAR);
        assertThat(info.durationMs().mean()).isCloseTo(722.7909504550051, NEAR);
        assertThat(info.durationMs().p50()).isCloseTo(38, within(0.04));
        assertThat(info.durationMs().max()).isEqualTo(36_163);
        assertThat(info.memoryMib()).isEqualTo(new TraceInfo.Spread(128, 144.0, 128, 144, 359, 359));
        assertThat(info.zeroDurations()).isZero();
    }

    @Example
    void shouldKnowTheAnswersForAzures2021Sample() {
        TraceInfo info = info("invitro/example/Azure2021_200.csv");
        assertThat(info.invocations()).isEqualTo(199);
        assertThat(info.functions()).isEqualTo(31);
        assertThat(info.applications()).isEqualTo(13);
        assertThat(info.durationSec()).isCloseTo(1200.014798055, NEAR);
        assertThat(info.peakPerSec()).isEqualTo(22);
        assertThat(info.peakPerMinute()).isEqualTo(42);
        assertThat(info.iatCv()).isCloseTo(1.8640924806272905, NEAR);
        assertThat(info.functionIatCvMedian()).isCloseTo(0.001048880995680654, NEAR);
        assertThat(info.burstIndex()).isCloseTo(8.301641429462046, NEAR);
        assertThat(info.minuteStart()).isCloseTo(31.055276381909547, NEAR);
        assertThat(info.busyMean()).isCloseTo(8.832532746412188, NEAR);
        assertThat(info.zeroDurations()).isEqualTo(8);
        assertThat(info.zeroDurationPercent()).isCloseTo(4.0201, within(1e-4));
    }

    @Example
    void shouldKnowTheAnswersForAzuresLanguageModel() {
        TraceInfo info = info("azure-misc/AzureLLMInferenceTrace_conv.csv");
        assertThat(info.invocations()).isEqualTo(19_366);
        assertThat(info.iatMeanMs()).isCloseTo(180.8273657113346, within(1e-6));
        assertThat(info.iatCv()).isCloseTo(1.0941699818434731, within(1e-6));
        assertThat(info.peakPerSec()).isEqualTo(16);
        assertThat(info.burstIndex()).isCloseTo(1.3856424557973777, within(1e-6));
    }

    /** The same by the plain definitions, from lists. */
    @Property(tries = 100)
    void shouldMeasureByTheDefinitions(
            @ForAll @Size(min = 2, max = 50) List<@IntRange(max = 200_000) Integer> startsMs,
            @ForAll @IntRange(min = 1, max = 5) int functions) {
        RowCollector rows = new RowCollector(TraceOptions.defaults());
        for (int i = 0; i < startsMs.size(); i++) {
            rows.add(rows.function("f" + i % functions), startsMs.get(i) * 1_000_000L, i * 100);
        }
        TraceInfo info = TraceInfo.of(rows.toTrace(TraceFormat.CSV, Path.of("made"), new BrokenRows(false)));
        double[] sorted = startsMs.stream().mapToDouble(i -> i).sorted().toArray();
        double[] iats = new double[sorted.length - 1];
        Arrays.setAll(iats, i -> sorted[i + 1] - sorted[i]);
        double[] perSecond = new double[(int) (sorted[sorted.length - 1] / 1000) + 1];
        double[] perMinute = new double[4];
        int atStart = 0;
        for (double ms : sorted) {
            perSecond[(int) (ms / 1000)]++;
            perMinute[(int) (ms / 60_000)]++;
            atStart += ms % 60_000 < 1_000 ? 1 : 0;
        }
        assertThat(info.iatMeanMs()).isCloseTo(mean(iats), within(1e-6));
        if (mean(iats) > 0) {
            assertThat(info.iatCv()).isCloseTo(Math.sqrt(variance(iats)) / mean(iats), within(1e-6));
        }
        assertThat(info.burstIndex()).isCloseTo(variance(perSecond) / mean(perSecond), within(1e-6));
        assertThat((double) info.peakPerSec())
                .isEqualTo(Arrays.stream(perSecond).max().orElseThrow());
        assertThat((double) info.peakPerMinute())
                .isEqualTo(Arrays.stream(perMinute).max().orElseThrow());
        assertThat(info.minuteStart()).isCloseTo(60.0 * atStart / sorted.length, NEAR);
        assertThat(info.zeroDurations()).isEqualTo(1);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    }

    @Example
    void shouldSayOfAnEmptyTraceWhatItCan() {
        TraceInfo info = TraceInfo.of(new RowCollector(TraceOptions.defaults())
                .toTrace(TraceFormat.CSV, Path.of("made"), new BrokenRows(false)));
        assertThat(info.invocations()).isZero();
        assertThat(info.asMap()).containsEntry("ratePerSec", 0.0).doesNotContainKeys("iatCv", "minuteStart");
        assertThat(new ArrayList<>(info.asMap().values())).doesNotContain(Double.NaN);
    }
}
