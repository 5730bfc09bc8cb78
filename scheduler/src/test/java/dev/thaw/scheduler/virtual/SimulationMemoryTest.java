package dev.thaw.scheduler.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a simulation holds on the heap for each function and environment, its models apart: by runs of two sizes. */
@Tag("slow")
final class SimulationMemoryTest {
    private static final int FUNCTIONS = 10_000;
    private static final int HOSTS = 100;
    private static final long HOUR_NS = 3_600_000_000_000L;

    /** Each function is invoked 20 times at random, so that its idle times are all over the histogram. */
    @Test
    void shouldHoldLessThanAKibibyteForAFunctionUnderHybridHistogram() {
        long fewBytes = heldBytes(FUNCTIONS, 0, 20, "hybrid-histogram");
        long manyBytes = heldBytes(2 * FUNCTIONS, 0, 20, "hybrid-histogram");

        assertThat((manyBytes - fewBytes) / FUNCTIONS).isLessThan(1_024);
    }

    @Test
    void shouldHoldLessThan200BytesForAnEnvironment() {
        long fewBytes = heldBytes(FUNCTIONS, 2, 1, "lru");
        long manyBytes = heldBytes(FUNCTIONS, 12, 1, "lru");

        assertThat((manyBytes - fewBytes) / (10 * FUNCTIONS)).isLessThan(200);
    }

    private static long heldBytes(int functions, int provisioned, int invocationsOfEach, String keepAlive) {
        List<FunctionModel> models = IntStream.range(0, functions)
                .mapToObj(at -> FunctionModel.of(
                                SimulationBed.spec("f" + at, 128),
                                EnvironmentModel.NONE,
                                WorkModel.waiting(SimulationBed.ms(10)))
                        .withProvisioned(provisioned))
                .toList();
        List<VirtualHost> hosts = IntStream.range(0, HOSTS)
                .mapToObj(at -> new VirtualHost(new HostSpec("h" + at, 1 << 20, Integer.MAX_VALUE), 64_000))
                .toList();
        SimulationPlan plan = new SimulationPlan(SimulationBed.config(1_000_000, 0), hosts, models, 1);
        RandomArrivals arrivals =
                new RandomArrivals(1, (long) invocationsOfEach * functions, (double) HOUR_NS / functions, functions);
        Policies policies = PolicyCatalogue.policies("mru", keepAlive, "fifo", "none");
        long beforeBytes = usedBytes();

        Simulation simulation = new Simulation(plan, policies, SimulationListener.NONE);
        SimulationTotals totals = simulation.run(arrivals);

        long heldBytes = usedBytes() - beforeBytes;
        assertThat(simulation.soFar().arrivals()).isEqualTo((long) invocationsOfEach * functions);
        assertThat(totals.environmentsCreated()).isGreaterThanOrEqualTo((long) provisioned * functions);
        return heldBytes;
    }

    private static long usedBytes() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
