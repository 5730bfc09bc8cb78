package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.PlanFigure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObjectivesTest {
    @Test
    void shouldHoldWhatIsBelowAllBounds() {
        Objectives objectives = Objectives.parse("p99<200ms, cold<=1%,throttled=0");

        Map<String, Double> good = Map.of("p99Ms", 199.9, "coldPercent", 1.0, "refusedPercent", 0.0);
        assertThat(objectives.hold(good)).isTrue();
        assertThat(objectives.broken(good)).isEmpty();
        assertThat(objectives.excess(good)).isZero();

        Map<String, Double> bad = Map.of("p99Ms", 400.0, "coldPercent", 1.01, "refusedPercent", 0.5);
        assertThat(objectives.hold(bad)).isFalse();
        assertThat(objectives.broken(bad))
                .containsExactly("p99<200ms (400 ms)", "cold<=1% (1.01 %)", "throttled=0 (0.500 %)");
        assertThat(objectives.excess(bad)).isEqualTo(2 + 1.01 + 1.5);
    }

    @Test
    void shouldTellByWhatABoundIsBroken() {
        Objectives objectives = Objectives.parse("cold<1.99%,p99<1000ms");

        Map<String, Double> close = Map.of("coldPercent", 1.9904, "p99Ms", 1_000.4, "refusedPercent", 0.0);
        assertThat(objectives.broken(close)).containsExactly("cold<1.99% (1.9904 %)", "p99<1000ms (1000.4 ms)");
        assertThat(PlanFigure.text(999.7)).isEqualTo("1000");
        assertThat(PlanFigure.text(999.4)).isEqualTo("999");
    }

    @Test
    void shouldTakeTimesInAnyUnitAndRefuseThrottlingUnasked() {
        Objectives objectives = Objectives.parse("p99.9<=1.5s,added-p50<250us,delayed<2.5%");

        assertThat(objectives.all().stream().map(Objective::bound)).containsExactly(1_500.0, 0.25, 2.5, 0.0);
        assertThat(objectives.all().getLast().figure()).isEqualTo(PlanFigure.THROTTLED);
        assertThat(objectives.latencies()).extracting(Objective::text).containsExactly("p99.9<=1.5s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p98<1s | 'p98', must be one of cold, delayed, throttled, p50,",
                "'' | '', must be a figure, <, <= or =, and a bound",
                "p99<200ms, | '', must be a figure",
                "p99>200ms | 'p99>200ms', must be a figure",
                "p99<200 | 'p99<200', bound must be a time such as 200ms",
                "p99<1% | bound must be a time",
                "p99=200ms | = is for 0 only",
                "p99<0ms | nothing is below 0",
                "cold<1 | bound must be a percentage such as 1%",
                "cold<1ms | bound must be a percentage",
                "cold<101% | 100% at most",
                "cold<1%,cold<2% | 'cold<2%', must name cold once",
                "cold<-1% | must be a figure",
                "cold<NaN% | must be a figure",
                "p99<99999999999s | must be a figure",
            })
    void shouldRefuse(String text, String message) {
        assertThatThrownBy(() -> Objectives.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldTakeALatencyAloneForFunctions() {
        assertThat(Objectives.parseLatency("p95<1s").bound()).isEqualTo(1_000);
        assertThatThrownBy(() -> Objectives.parseLatency("cold<1%"))
                .hasMessageContaining("must be a latency from arrival");
        assertThatThrownBy(() -> Objectives.parseLatency("added-p99<1s"))
                .hasMessageContaining("must be a latency from arrival");
    }
}
