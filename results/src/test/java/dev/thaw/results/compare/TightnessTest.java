package dev.thaw.results.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thaw.results.statistics.Design;
import dev.thaw.results.statistics.RatioEstimate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TightnessTest {
    private static RatioEstimate interval(double low, double high) {
        return new RatioEstimate(1, 1, Math.sqrt(low * high), low, high, 1, 0.01, 9, 0.01);
    }

    @ParameterizedTest
    @CsvSource({
        "p50:2%, latency.p50, 0.02",
        "p99.9:10, latency.p999, 0.1",
        "latency.max:0.5%, latency.max, 0.005",
        "throughput:1%, throughput, 0.01",
        "phase.invoke.p99:3%, phase.invoke.p99, 0.03"
    })
    void shouldReadMetricAndWidth(String text, String metric, double limit) {
        assertThat(Tightness.parse(text)).isEqualTo(new Tightness(metric, limit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"p50", "p50:", ":2%", "p50:0%", "p50:-1%", "p50:2%%", "p50 2%"})
    void shouldRefuseWhatIsNone(String text) {
        assertThatThrownBy(() -> Tightness.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' must be a metric and a width above 0, such as p50:2%");
    }

    @Test
    void shouldLookAtTheWidthAlone() {
        Tightness wanted = new Tightness("latency.p50", 0.02);

        for (double ratio : new double[] {0.5, 1, 3}) {
            assertThat(Tightness.width(interval(ratio / 1.018, ratio * 1.018))).isCloseTo(0.018, within(1e-9));
            assertThat(wanted.isMet(interval(ratio / 1.018, ratio * 1.018))).isTrue();
            assertThat(wanted.isMet(interval(ratio / 1.021, ratio * 1.021))).isFalse();
        }
    }

    @Test
    void shouldNeverBeMetWithoutAnInterval() {
        Tightness wanted = new Tightness("latency.p50", 100);

        assertThat(wanted.isMet(interval(Double.NaN, Double.NaN))).isFalse();
        assertThat(wanted.isMet(interval(0, 2))).isFalse();
        assertThat(wanted.isMet(interval(1, Double.POSITIVE_INFINITY))).isFalse();
    }

    /** Half of all pairs turned round, either way: 2 / 2^n. */
    @Test
    void shouldKnowHowManyPairsAVerdictNeeds() {
        assertThat(Design.pairsFor(0.05)).isEqualTo(6);
        assertThat(Design.pairsFor(0.01)).isEqualTo(9);
        assertThat(Design.pairsFor(0.01 / 3)).isEqualTo(10);
        assertThat(new Design(10, 10, true, false).smallestP()).isLessThan(0.75 * 0.01 / 3);
    }
}
