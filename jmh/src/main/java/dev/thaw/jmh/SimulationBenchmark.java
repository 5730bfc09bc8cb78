package dev.thaw.jmh;

import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import dev.thaw.scheduler.virtual.ArrivalSource;
import dev.thaw.scheduler.virtual.DurationModel;
import dev.thaw.scheduler.virtual.EnvironmentModel;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.Simulation;
import dev.thaw.scheduler.virtual.SimulationListener;
import dev.thaw.scheduler.virtual.SimulationPlan;
import dev.thaw.scheduler.virtual.SimulationTotals;
import dev.thaw.scheduler.virtual.VirtualHost;
import dev.thaw.scheduler.virtual.WorkModel;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Invocations a second in virtual time, arrivals included: a thousand a second of evenly mixed functions, mean work about
 * 40 ms, keep-alive 10 minutes. {@code baseline} is the arrivals alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@OperationsPerInvocation(SimulationBenchmark.INVOCATIONS)
public class SimulationBenchmark {
    static final int INVOCATIONS = 1_000_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final long KEEP_ALIVE_NS = 600_000 * NS_PER_MS;
    private static final int PLENTY = 1_000_000_000;

    @Param({"200", "10000"})
    public int functions;

    @Param({"1", "100"})
    public int hosts;

    @Benchmark
    public long baseline() {
        Arrivals arrivals = new Arrivals(functions);
        long sum = 0;
        while (arrivals.next()) {
            sum += arrivals.atNs() + arrivals.functionId();
        }
        return sum;
    }

    @Benchmark
    public SimulationTotals fixedTtl() {
        return new Simulation(plan(), PolicyCatalogue.standard(KEEP_ALIVE_NS), SimulationListener.NONE)
                .run(new Arrivals(functions));
    }

    @Benchmark
    public SimulationTotals hybridHistogram() {
        return new Simulation(
                        plan(),
                        PolicyCatalogue.policies("mru", "hybrid-histogram", "fifo", "none"),
                        SimulationListener.NONE)
                .run(new Arrivals(functions));
    }

    private SimulationPlan plan() {
        SchedulerConfig config =
                new SchedulerConfig(PLENTY, KEEP_ALIVE_NS, 10_000 * NS_PER_MS, Long.MAX_VALUE, Long.MAX_VALUE, PLENTY);
        EnvironmentModel environment = EnvironmentModel.of(ms(20), ms(50), ms(100), 1_000, ms(1), ms(1), ms(5));
        WorkModel work =
                WorkModel.of(new DurationModel.Quantiles(new double[] {0, 0.25, 0.5, 0.75, 0.99, 1}, new long[] {
                    NS_PER_MS, 5 * NS_PER_MS, 10 * NS_PER_MS, 50 * NS_PER_MS, 200 * NS_PER_MS, 1_000 * NS_PER_MS
                }));
        return new SimulationPlan(
                config,
                IntStream.range(0, hosts)
                        .mapToObj(host -> new VirtualHost(new HostSpec("h" + host, 4_000_000 / hosts, PLENTY), 64_000))
                        .toList(),
                IntStream.range(0, functions)
                        .mapToObj(function -> FunctionModel.of(
                                new FunctionSpec("f" + function, 256, 3_000 * NS_PER_MS), environment, work))
                        .toList(),
                1);
    }

    private static DurationModel ms(long ms) {
        return new DurationModel.Constant(ms * NS_PER_MS);
    }

    /** Gaps evenly from nothing to twice their mean, by a generator that costs next to nothing. */
    private static final class Arrivals implements ArrivalSource {
        private final int functions;
        private int left = INVOCATIONS;
        private long random = 1;
        private long atNs;

        Arrivals(int functions) {
            this.functions = functions;
        }

        @Override
        public boolean next() {
            random = random * 6364136223846793005L + 1442695040888963407L;
            atNs += (random >>> 33) % (2 * NS_PER_MS);
            return left-- > 0;
        }

        @Override
        public long atNs() {
            return atNs;
        }

        @Override
        public int functionId() {
            return (int) (((random >>> 40) * functions) >>> 24);
        }

        @Override
        public long workNs() {
            return DRAW_WORK;
        }
    }
}
