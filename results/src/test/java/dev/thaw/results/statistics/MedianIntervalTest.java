package dev.thaw.results.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MedianIntervalTest {
    private static List<Double> upTo(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> (double) (n + 1 - i)).toList();
    }

    /** Ranks from a table of the binomial distribution with one half. */
    @ParameterizedTest
    @CsvSource({"6,1,6", "8,1,8", "9,2,8", "12,3,10", "15,4,12", "20,6,15", "25,8,18", "30,10,21"})
    void shouldTakeTheRanksThatHoldTheMedianWith95Percent(int count, double low, double high) {
        MedianInterval interval = MedianInterval.of(upTo(count));

        assertThat(interval.median()).isEqualTo((count + 1) / 2.0);
        assertThat(interval.low()).isEqualTo(low);
        assertThat(interval.high()).isEqualTo(high);
        assertThat(interval.count()).isEqualTo(count);
    }

    @Test
    void shouldGiveNoIntervalOfFewerThanSix() {
        for (int count = 1; count < 6; count++) {
            MedianInterval interval = MedianInterval.of(upTo(count));
            assertThat(interval.median()).isEqualTo((count + 1) / 2.0);
            assertThat(interval.low()).isNaN();
            assertThat(interval.high()).isNaN();
        }
    }

    @Test
    void shouldHoldTheTrueMedianAsOftenAsItSays() {
        Random random = new Random(1);
        int held = 0;
        for (int run = 0; run < 4_000; run++) {
            MedianInterval interval = MedianInterval.of(Stream.generate(() -> Math.exp(random.nextGaussian()))
                    .limit(15)
                    .toList());
            held += interval.low() <= 1 && interval.high() >= 1 ? 1 : 0;
        }
        assertThat(held / 4_000.0).isBetween(0.95, 0.98); // 96.5 % by the binomial distribution
    }

    @Test
    void shouldDivideRoundByRound() {
        // The host was twice as fast in every other round: values spread, their ratios do not.
        List<Double> base = List.of(1.0, 2.0, 1.0, 2.0, 1.0, 2.0);
        List<Double> value = List.of(3.0, 6.0, 3.0, 6.0, 3.0, 6.0);

        assertThat(MedianInterval.ofRatios(value, base)).isEqualTo(new MedianInterval(3, 3, 3, 6));
        assertThatThrownBy(() -> MedianInterval.ofRatios(value, List.of(1.0)))
                .hasMessage("ratios: 6 values and 1 bases, must be as many");
    }
}
