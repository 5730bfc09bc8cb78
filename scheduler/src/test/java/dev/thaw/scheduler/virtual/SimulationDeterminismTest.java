package dev.thaw.scheduler.virtual;

import static dev.thaw.scheduler.virtual.SimulationBed.NS_PER_MS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.thaw.results.Phase;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What a seed stands for, and what an invocation costs in memory. */
final class SimulationDeterminismTest {
    private static final int FUNCTIONS = 20;
    private static final DurationModel LOG_NORMAL = DurationModel.LogNormal.ofMedianAndMean(20e6, 40e6);

    @Test
    void shouldGiveTheSameBytesForTheSameSeed() {
        assertThat(bytes(simulate(1, 5_000, new FaultModel(0.01, 0.05, 0.02, 0.02), SimulationListener.NONE)))
                .isEqualTo(bytes(simulate(1, 5_000, new FaultModel(0.01, 0.05, 0.02, 0.02), SimulationListener.NONE)))
                .isNotEqualTo(
                        bytes(simulate(2, 5_000, new FaultModel(0.01, 0.05, 0.02, 0.02), SimulationListener.NONE)));
    }

    /** Other decisions, the same arrivals, work and inits. */
    @Test
    void shouldMeetTheSameDrawsUnderAnotherPolicy() {
        Draw brief = new Draw();
        Draw lasting = new Draw();

        SimulationTotals left = simulate(1, 0, FaultModel.NONE, brief);
        SimulationTotals right = simulate(1, 600_000, FaultModel.NONE, lasting);

        assertThat(left.coldTriggers()).isGreaterThan(5 * right.coldTriggers());
        assertThat(brief.work).hasSize(40_000).isEqualTo(lasting.work);
        brief.inits.keySet().retainAll(lasting.inits.keySet());
        lasting.inits.keySet().retainAll(brief.inits.keySet());
        assertThat(brief.inits).hasSizeGreaterThan(FUNCTIONS).isEqualTo(lasting.inits);
    }

    @Test
    void shouldAllocateNothingForAnInvocationOnceWarm() {
        long fewBytes = allocatedBytes(50_000);
        long manyBytes = allocatedBytes(200_000);

        // The VM's own hundred bytes or so, see SchedulerAllocationTest, and an array that grows in one of them.
        assertThat(Math.abs(manyBytes - fewBytes)).isLessThan(50_000);
    }

    private static long allocatedBytes(long arrivals) {
        FunctionModel function = FunctionModel.of(
                SimulationBed.spec("f", 128), EnvironmentModel.NONE, WorkModel.of(new DurationModel.Exponential(5e6)));
        SimulationPlan plan = SimulationBed.plan(
                SimulationBed.config(1_000, 600_000 * NS_PER_MS), SimulationBed.host(500), List.of(function), 3);
        Simulation simulation =
                new Simulation(plan, PolicyCatalogue.standard(600_000 * NS_PER_MS), SimulationListener.NONE);
        RandomArrivals source = new RandomArrivals(3, arrivals, 1e6, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        simulation.run(source);
        return threads.getCurrentThreadAllocatedBytes() - beforeBytes;
    }

    private static SimulationTotals simulate(
            long seed, long keepAliveMs, FaultModel faults, SimulationListener listener) {
        List<FunctionModel> functions = new ArrayList<>();
        for (int function = 0; function < FUNCTIONS; function++) {
            EnvironmentModel environment =
                    EnvironmentModel.of(LOG_NORMAL, LOG_NORMAL, LOG_NORMAL, 1_000, LOG_NORMAL, LOG_NORMAL, LOG_NORMAL);
            functions.add(
                    FunctionModel.of(SimulationBed.spec("f" + function, 256), environment, WorkModel.of(LOG_NORMAL))
                            .with(faults));
        }
        SchedulerConfig config = new SchedulerConfig(
                1_000, keepAliveMs * NS_PER_MS, 10_000 * NS_PER_MS, 100 * NS_PER_MS, Long.MAX_VALUE, 16_384);
        SimulationPlan plan = new SimulationPlan(
                config,
                List.of(
                        new VirtualHost(new HostSpec("h0", 20_000, 100_000), 100_000),
                        new VirtualHost(new HostSpec("h1", 20_000, 100_000), 100_000)),
                functions,
                seed);
        return new Simulation(plan, PolicyCatalogue.standard(config.keepAliveNs()), listener)
                .run(new RandomArrivals(seed, 40_000, 20e6, FUNCTIONS));
    }

    private static List<String> bytes(SimulationTotals totals) {
        List<String> all = new ArrayList<>();
        for (Histogram histogram : Arrays.asList(totals.latency(), totals.queueing(), totals.added())) {
            ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
            histogram.encodeIntoByteBuffer(buffer);
            all.add(HexFormat.of().formatHex(buffer.array()));
        }
        ByteBuffer figures = ByteBuffer.allocate(8 * 8);
        figures.putLong(totals.coldTriggers()).putLong(totals.coldVictims()).putLong(totals.suppressedInits());
        figures.putDouble(totals.idleGbS()).putDouble(totals.billedGbS()).putDouble(totals.billedInitGbS());
        figures.putDouble(totals.hostHours()).putLong(totals.endNs());
        all.add(HexFormat.of().formatHex(figures.array()));
        return all;
    }

    /** Work of each invocation; init of each environment, by its ordinal, as the invocation that caused it saw it. */
    private static final class Draw implements SimulationListener {
        final Map<String, Long> work = new TreeMap<>();
        final Map<String, Long> inits = new TreeMap<>();
        private final long[] made = new long[FUNCTIONS];
        private final Map<Long, Long> ordinals = new TreeMap<>();

        @Override
        public void created(long environmentId, int functionId, int hostId, long nowNs) {
            ordinals.put(environmentId, made[functionId]++);
        }

        @Override
        public void ended(Invocation invocation, Outcome outcome, long nowNs) {
            work.put(invocation.functionId() + "#" + invocation.invocationId(), invocation.phaseNs(Phase.INVOKE));
            if (invocation.coldTrigger()) {
                inits.put(
                        invocation.functionId() + "#" + ordinals.get(invocation.environmentId()),
                        invocation.phaseNs(Phase.INIT_RUNTIME) + invocation.phaseNs(Phase.INIT_FUNCTION));
            }
        }
    }
}
