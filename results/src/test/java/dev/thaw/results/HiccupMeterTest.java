package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.pauses.PauseLog;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class HiccupMeterTest {
    private static final long MILLI_NS = 1_000_000L;

    private final HiccupMeter meter = new HiccupMeter(RunClock.SYSTEM, new PauseLog());

    @Test
    void shouldTakeTheShortestSleepAsNoHiccup() {
        meter.onWakeUp(1_060_000);
        meter.onWakeUp(1_060_000);

        assertThat(meter.takeInterval(null).getMaxValue()).isZero();
    }

    @Test
    void shouldFillInTheWakeUpsThatALongHiccupSwallowed() {
        meter.onWakeUp(MILLI_NS);
        meter.onWakeUp(11 * MILLI_NS);

        Histogram hiccups = meter.takeInterval(null);

        // One good wake-up, then 10 ms late, and 9, 8, .. 1 ms late for those that never happened.
        assertThat(hiccups.getTotalCount()).isEqualTo(11);
        assertThat(hiccups.valuesAreEquivalent(hiccups.getMaxValue(), 10 * MILLI_NS))
                .isTrue();
        assertThat(hiccups.getCountBetweenValues(4_900_000, 5_100_000)).isEqualTo(1);
    }

    @Test
    void shouldEmptyTheIntervalItHandsOut() {
        meter.onWakeUp(MILLI_NS);
        Histogram first = meter.takeInterval(null);

        assertThat(first.getTotalCount()).isEqualTo(1);
        assertThat(meter.takeInterval(first).getTotalCount()).isZero();
    }

    @Test
    void shouldEndItsThread() {
        meter.start();
        meter.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("thaw-hiccup"));
    }
}
