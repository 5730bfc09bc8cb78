package dev.thaw.cli.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class QuantileTableTest {
    private static Histogram of(long... values) {
        Histogram histogram = new Histogram(3);
        for (long value : values) {
            histogram.recordValue(value);
        }
        return histogram;
    }

    @Test
    void shouldKeepEveryValueOfAFew() {
        QuantileTable table = QuantileTable.of(of(500, 100, 300));

        assertThat(table.n()).isEqualTo(3);
        assertThat(table.p()).containsExactly(0.0, 0.5, 1.0);
        assertThat(table.ns()).containsExactly(100L, 300L, 500L);
        assertThat(table.at(0.25)).isEqualTo(200);
    }

    @Test
    void shouldTakeOneValueForAlways() {
        QuantileTable table = QuantileTable.of(of(700));

        assertThat(table.toModel().drawNs(1)).isEqualTo(700);
        assertThat(table.toModel().drawNs(-1)).isEqualTo(700);
    }

    /** A tail is told only where samples lie beyond it; the ends are the smallest and the largest. */
    @Test
    void shouldTellTheTailOfMany() {
        Histogram many = new Histogram(3);
        for (int value = 1; value <= 2_000; value++) {
            many.recordValue(value);
        }

        QuantileTable table = QuantileTable.of(many);

        assertThat(table.p()).startsWith(0.0, 0.01).endsWith(0.99, 0.995, 0.999, 0.9995, 1.0);
        assertThat(table.ns().getFirst()).isEqualTo(1);
        assertThat(table.ns().getLast()).isEqualTo(2_000);
        assertThat(table.at(0.5)).isBetween(999L, 1_002L);
        assertThat(table.at(0.999)).isBetween(1_996L, 2_000L);
    }

    @Test
    void shouldRefuseWhatIsNoDistribution() {
        assertThatThrownBy(() -> new QuantileTable(2, List.of(0.0, 1.0), List.of(5L, 4L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be below the one before it");
    }

    /** Two of these together would not fit 64 bits. */
    @Test
    void shouldRefuseWhatNothingTakes() {
        assertThatThrownBy(() -> QuantileTable.constant(Long.MAX_VALUE))
                .hasMessageContaining("1000000000000000 at most");
    }
}
