package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Laws of the scheduler over thousands of seeded schedules, with faults, on {@link SimulatedFleet}, which holds: never
 * two invocations in one environment; concurrency, memory, CPU and environment limits; each invocation ends exactly
 * once; phases add up; nothing is left after shutdown.
 */
final class SchedulerLawsTest {
    @Property(tries = 3_000, shrinking = ShrinkingMode.OFF)
    void shouldKeepEveryLawInEverySchedule(@ForAll long seed) {
        assertThat(new SimulatedFleet(seed).run()).isNotEmpty();
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void shouldHaveTheSameHistoryForTheSameSeed(@ForAll long seed) {
        assertThat(new SimulatedFleet(seed).run()).isEqualTo(new SimulatedFleet(seed).run());
    }
}
