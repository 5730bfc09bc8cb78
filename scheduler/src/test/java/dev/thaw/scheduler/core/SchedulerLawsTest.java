package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

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

    /** Guards against laws that hold because nothing happens. */
    @Test
    void shouldReachEveryCornerOfTheProtocol() {
        Set<String> words = new HashSet<>();
        for (long seed = 0; seed < 400; seed++) {
            words.addAll(Arrays.asList(new SimulatedFleet(seed).run().split("[ \n(]", -1)));
        }

        assertThat(words)
                .contains("create", "dispatch", "initialize", "freeze", "thaw", "reset", "destroy")
                .contains(names(SimulatedEvent.Kind.values()))
                .contains(names(Outcome.values()))
                .contains(names(ResetReason.values()))
                .contains("PROVISIONED_CONCURRENCY", "SNAP_START", "RESTORE_FAILED", "RETIRED", "SCALING_RATE_EXCEEDED")
                .contains(
                        "ahead",
                        "KEEP_ALIVE_EXPIRED",
                        "EVICTED",
                        "SHUTDOWN",
                        "NO_CAPACITY",
                        "NEVER_FITS",
                        "SHUTTING_DOWN")
                .contains("truefalsefalse", "falsetruefalse", "truefalsetrue", "falsetruetrue", "falsefalsetrue");
    }

    private static String[] names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toArray(String[]::new);
    }
}
