package dev.thaw.cli.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.FidelityRun;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FidelityTest {
    private static FidelityRun.Measure coldStarts(List<Double> live, Double... virtual) {
        return Fidelity.measure(FidelityMeasure.COLD_STARTS, live, List.of(virtual));
    }

    @Test
    void shouldMeetAGoalThatIsMet() {
        FidelityRun.Measure measure = coldStarts(List.of(50.0, 50.0, 50.0), 50.5, 51.5);

        assertThat(measure.verdict()).isEqualTo("met");
        assertThat(measure.differencePercent()).isEqualTo(2);
    }

    @Test
    void shouldSayWhatNoiseExplains() {
        FidelityRun.Measure measure = coldStarts(List.of(50.0, 48.0, 53.0, 49.0), 47.0);

        // Mean of the last three 50, deviation of all four 2.16, t(3) 3.182, square root of 4/3.
        assertThat(measure.liveMean()).isEqualTo(50);
        assertThat(measure.expectedLow()).isCloseTo(50 - 7.937, within(0.01));
        assertThat(measure.expectedHigh()).isCloseTo(50 + 7.937, within(0.01));
        assertThat(measure.verdict()).isEqualTo("within noise");
    }

    @Test
    void shouldMissAGoalThatNoiseDoesNotExplain() {
        FidelityRun.Measure missed = coldStarts(List.of(50.0, 50.0, 51.0), 70.0, 80.0);
        FidelityRun.Measure met = coldStarts(List.of(50.0, 50.0, 50.0), 50.0);

        assertThat(missed.verdict()).isEqualTo("missed");
        assertThat(new FidelityRun(List.of(met, missed), List.of(), "", 1).missed())
                .containsExactly("cold starts: virtual 75.00, live 50.50: +48.5 %, goal 2 %");
    }
}
