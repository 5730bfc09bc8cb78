package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.policy.FunctionScaling;
import dev.thaw.scheduler.policy.RegionalScaling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How fast environments may come (contract.md section 7, 19 C13). */
final class SchedulerScalingTest {
    private static final int BURST = 5;
    private static final SchedulerConfig CONFIG = new SchedulerConfig(10_000, 1, 1, 1, 1, 10_000);

    private static SchedulerBed bed(ScalingPolicy scaling, int environments) {
        return SchedulerBed.with(CONFIG, scaling, environments, 2);
    }

    @Test
    void shouldShareOneBurstAmongAllFunctions() {
        SchedulerBed bed = bed(new RegionalScaling(BURST), 20);
        for (int invocation = 0; invocation < BURST; invocation++) {
            bed.invoke(invocation % 2);
        }
        assertThat(bed.commands()).hasSize(BURST).allMatch(line -> line.startsWith("create "));

        bed.invoke(0);
        bed.invoke(1);

        assertThat(bed.commands())
                .containsExactly("refuse i5 SCALING_RATE_EXCEEDED", "refuse i6 SCALING_RATE_EXCEEDED");
        bed.atMs = 120;
        bed.invoke(1);
        assertThat(bed.commands()).containsExactly("create 1.5 for f1 on h0");
    }

    @Test
    void shouldGiveEachFunctionItsOwnRate() {
        SchedulerBed bed = bed(new FunctionScaling(), 1);
        bed.scheduler.addHost(new HostSpec("large", 2_000 * 1_024, 2_000_000));
        List<String> refused = new ArrayList<>();
        for (int invocation = 0; invocation < 1_001; invocation++) {
            bed.invoke(0);
        }
        bed.invoke(1);
        bed.commands().stream().filter(line -> line.startsWith("refuse")).forEach(refused::add);

        assertThat(refused).containsExactly("refuse i1000 SCALING_RATE_EXCEEDED");
    }

    @Test
    void shouldGiveBackTheConcurrencyOfWhatItRefuses() {
        SchedulerBed bed = bed(new RegionalScaling(1), 20);
        bed.scheduler.reserve("f0", 2);
        bed.invoke(0);
        for (int invocation = 0; invocation < 5; invocation++) {
            bed.invoke(0);
        }
        bed.atMs = 120;
        bed.invoke(0);

        assertThat(bed.commands()).hasSize(7).last().isEqualTo("create 1.1 for f0 on h0");
    }

    @Test
    void shouldAskNobodyForWhatWaitsForRoomOrIsWarm() {
        SchedulerBed bed = bed(new RegionalScaling(1), 1);
        bed.invoke(0);
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0");

        bed.init("1.0");
        bed.finish("1.0");

        assertThat(bed.commands()).containsExactly("dispatch 1.0 i0", "complete i0 RESPONSE", "dispatch 1.0 i1");
    }
}
