package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.core.ProvisionedScaling.Bounds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Target tracking and schedules of provisioned concurrency, on virtual time (contract.md section 7). */
final class ProvisionedScalingTest {
    private static final int MS_PER_SEC = 1_000;
    private static final double TARGET = 0.7;

    private final ProvisionedScaling scaling = new ProvisionedScaling(List.of(new Bounds(0, 1, 50)), TARGET);
    private int capacity = 10;
    private long atMs;

    /** Looks once a second for so long, while {@code busy} environments are at work; does what it is told. */
    private void run(ProvisionedScaling looking, int minutes, int busy) {
        long untilMs = atMs + minutes * 60L * MS_PER_SEC;
        for (; atMs < untilMs; atMs += MS_PER_SEC) {
            int inUse = Math.min(busy, capacity);
            ProvisionedConcurrency state = new ProvisionedConcurrency(capacity, capacity, capacity, inUse, false, 0, 0);
            int wanted = looking.look(state, atMs);
            capacity = wanted == ProvisionedScaling.NO_CHANGE ? capacity : wanted;
        }
    }

    @Test
    void shouldScaleOutAfterThreeMinutesAboveTheTarget() {
        run(scaling, 3, 10);
        assertThat(capacity).isEqualTo(10);
        run(scaling, 1, 10);
        assertThat(capacity).isEqualTo(15);
        run(scaling, 10, 20);
        assertThat(capacity).isBetween(28, 32);
        run(scaling, 60, 100);
        assertThat(capacity).isEqualTo(50);
    }

    @Test
    void shouldScaleInAfterFifteenMinutesBelowNineTenthsOfIt() {
        run(scaling, 15, 3);
        assertThat(capacity).isEqualTo(10);
        run(scaling, 1, 3);
        assertThat(capacity).isEqualTo(5);
        run(scaling, 120, 0);
        assertThat(capacity).isEqualTo(1);
    }

    @Test
    void shouldNotScaleInBelowWhatTheBusiestMinuteNeeded() {
        run(scaling, 7, 1);
        run(scaling, 1, 6);
        run(scaling, 8, 1);
        assertThat(capacity).isEqualTo(9);
    }

    @Test
    void shouldStayWhereUtilisationIsCloseToTheTarget() {
        run(scaling, 240, 7);
        assertThat(capacity).isEqualTo(10);
    }

    @Test
    void shouldForgetAPeakThatDoesNotLast() {
        for (int round = 0; round < 10; round++) {
            run(scaling, 2, 10);
            run(scaling, 1, 7);
        }
        assertThat(capacity).isEqualTo(10);
    }

    @Test
    void shouldFollowASchedule() {
        ProvisionedScaling daily =
                new ProvisionedScaling(List.of(new Bounds(20 * 60, 0, 2), new Bounds(8 * 60, 20, 30)), null);
        run(daily, 1, 0);
        assertThat(capacity).isEqualTo(2);
        run(daily, 8 * 60, 0);
        assertThat(capacity).isEqualTo(20);
        run(daily, 12 * 60, 20);
        assertThat(capacity).isEqualTo(2);
    }

    @Test
    void shouldSayNothingOfMinutesInWhichNothingWasReady() {
        ProvisionedConcurrency starting = new ProvisionedConcurrency(10, 10, 0, 0, false, 0, 0);
        for (; atMs < 3_600_000; atMs += MS_PER_SEC) {
            assertThat(scaling.look(starting, atMs)).isEqualTo(ProvisionedScaling.NO_CHANGE);
        }
    }

    @Test
    void shouldRefuseSettingsWithoutSense() {
        assertThatThrownBy(() -> new UtilizationTracking(1.1)).hasMessage("target is 1.1, must be above 0, up to 1");
        assertThatThrownBy(() -> new Bounds(1_440, 0, 1)).hasMessage("minuteOfDay is 1440, must be 0..1439");
        assertThatThrownBy(() -> new Bounds(0, 2, 1)).hasMessage("bounds are 2..1, must be 0 or more, upwards");
        assertThatThrownBy(() -> new ProvisionedScaling(List.of(), TARGET))
                .hasMessage("schedule is empty, must have bounds");
    }
}
