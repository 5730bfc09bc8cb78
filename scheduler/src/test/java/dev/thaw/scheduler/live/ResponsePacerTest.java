package dev.thaw.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ResponsePacerTest {
    private static final int PART_BYTES = 64 << 10;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long START_NS = 17;

    private final ResponsePacer pacer = new ResponsePacer();

    /** Streams so many bytes as fast as the pacer lets it, late by {@code lateNs} each time; returns when the last part left. */
    private long stream(long bytes, long lateNs) {
        long nowNs = START_NS;
        for (long left = bytes; left > 0; left -= PART_BYTES) {
            long waitNs = pacer.take((int) Math.min(left, PART_BYTES), nowNs);
            nowNs += waitNs == 0 ? 0 : waitNs + lateNs;
        }
        return nowNs - START_NS;
    }

    @Test
    void shouldLetSixMebibytesPassAtOnce() {
        assertThat(stream(ResponsePacer.BURST_BYTES, 0)).isZero();
        assertThat(pacer.take(1, START_NS)).isPositive();
    }

    @Test
    void shouldNotThrottleFiveMebibytes() {
        assertThat(stream(5L << 20, 0)).isZero();
    }

    @Test
    void shouldTakeSevenSecondsForTwentyMebibytes() {
        assertThat(stream(20L << 20, 0)).isEqualTo(7 * SECOND_NS);
    }

    @Test
    void shouldMakeUpForTimersThatAreLate() {
        assertThat(stream(20L << 20, 1_000_000)).isBetween(7 * SECOND_NS, 7 * SECOND_NS + 5_000_000);
    }

    @Test
    void shouldChargeThePartThatCrossesTheBurstForItsExcessAlone() {
        assertThat(pacer.take((6 << 20) + (2 << 20), START_NS)).isEqualTo(SECOND_NS);
    }

    @Test
    void shouldNotSaveUpWhatASlowFunctionLeavesUnused() {
        long burstEndNs = START_NS + stream(ResponsePacer.BURST_BYTES + PART_BYTES, 0);
        long laterNs = burstEndNs + 100 * SECOND_NS;

        assertThat(pacer.take(2 << 20, laterNs)).isEqualTo(SECOND_NS - ResponsePacer.CREDIT_NS);
        assertThat(pacer.take(2 << 20, laterNs)).isEqualTo(2 * SECOND_NS - ResponsePacer.CREDIT_NS);
    }

    @Test
    void shouldNotSlowAFunctionThatIsSlowerItself() {
        long nowNs = START_NS + stream(ResponsePacer.BURST_BYTES + PART_BYTES, 0);
        for (int i = 0; i < 100; i++) {
            nowNs += SECOND_NS;
            assertThat(pacer.take(PART_BYTES, nowNs)).isZero();
        }
    }
}
