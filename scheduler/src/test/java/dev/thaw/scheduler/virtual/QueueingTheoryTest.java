package dev.thaw.scheduler.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation against formulas of queueing theory that were there long before it, within 1 %. */
@Tag("slow")
final class QueueingTheoryTest {
    private static final double MEAN_NS = 100e6;
    private static final long FOR_EVER = Long.MAX_VALUE;

    /** Distributions of one mean: their second moments differ by far. */
    enum Service {
        CONSTANT,
        EXPONENTIAL,
        UNIFORM,
        TWO_KINDS,
        LOG_NORMAL;

        DurationModel model() {
            long half = (long) (MEAN_NS / 2);
            long rare = 11 * half;
            return switch (this) {
                case CONSTANT -> new DurationModel.Constant((long) MEAN_NS);
                case EXPONENTIAL -> new DurationModel.Exponential(MEAN_NS);
                case UNIFORM -> new DurationModel.Quantiles(new double[] {0, 1}, new long[] {0, 4 * half});
                case TWO_KINDS ->
                    new DurationModel.Quantiles(
                            new double[] {0, 0.9, Math.nextUp(0.9), 1}, new long[] {half, half, rare, rare});
                case LOG_NORMAL -> DurationModel.LogNormal.ofMedianAndMean(MEAN_NS / 1.5, MEAN_NS);
            };
        }
    }

    /** M/M/c: as many environments as fit the host, none ever leaves, who comes when all are busy waits in line. */
    @Test
    void shouldWaitAsErlangsDelayFormulaSays() {
        int servers = 4;
        double load = 0.7;
        FunctionModel function = function(WorkModel.waiting(Service.EXPONENTIAL.model()));
        VirtualHost host = new VirtualHost(new HostSpec("h", servers * 128, 1_000_000), 1_000_000);
        SimulationPlan plan =
                SimulationBed.plan(SimulationBed.config(1_000_000, FOR_EVER), host, List.of(function), 11);
        long count = 12_000_000;

        SimulationTotals totals = run(plan, count, MEAN_NS / (servers * load));

        double waits = erlangC(servers, servers * load);
        assertThat(totals.mostEnvironments()).isEqualTo(servers);
        assertThat((double) totals.queued() / count).isCloseTo(waits, withinPercentage(1.0));
        assertThat(totals.queueing().getMean())
                .isCloseTo(waits * MEAN_NS / (servers * (1 - load)), withinPercentage(1.0));
    }

    /** M/G/1-PS: the mean response is {@code mean / (1 - load)}, whatever the distribution. */
    @ParameterizedTest
    @EnumSource
    void shouldShareACpuAsProcessorSharingSays(Service service) {
        double load = 0.6;
        FunctionModel function = function(WorkModel.of(service.model()));
        VirtualHost host = SimulationBed.host(function.workMilliVcpus());
        SimulationPlan plan =
                SimulationBed.plan(SimulationBed.config(1_000_000, FOR_EVER), host, List.of(function), 12);

        SimulationTotals totals = run(plan, 4_000_000, MEAN_NS / load);

        assertThat(totals.latency().getMean()).isCloseTo(MEAN_NS / (1 - load), withinPercentage(1.0));
    }

    /** M/M/c-PS: a host of several vCPUs slows nobody down until there is one more at work. */
    @Test
    void shouldShareManyCpusAsTheQueueOfThatManyServersDoesOnTheMean() {
        int servers = 3;
        double load = 0.7;
        FunctionModel function = function(WorkModel.of(Service.EXPONENTIAL.model()));
        VirtualHost host = SimulationBed.host(servers * function.workMilliVcpus());
        SimulationPlan plan =
                SimulationBed.plan(SimulationBed.config(1_000_000, FOR_EVER), host, List.of(function), 13);

        SimulationTotals totals = run(plan, 6_000_000, MEAN_NS / (servers * load));

        double meanNs = MEAN_NS + erlangC(servers, servers * load) * MEAN_NS / (servers * (1 - load));
        assertThat(totals.latency().getMean()).isCloseTo(meanNs, withinPercentage(1.0));
    }

    /** M/G/c/c: the account's concurrency bounds; what finds it used up is refused. */
    @ParameterizedTest
    @EnumSource
    void shouldRefuseAsErlangsLossFormulaSays(Service service) {
        int servers = 8;
        double offered = 7;
        FunctionModel function = function(WorkModel.waiting(service.model()));
        SchedulerConfig config = SimulationBed.config(servers, FOR_EVER);
        SimulationPlan plan = SimulationBed.plan(config, SimulationBed.host(), List.of(function), 14);
        long count = 3_000_000;

        SimulationTotals totals = run(plan, count, MEAN_NS / offered);

        double refused = (double) totals.count(Refusal.CONCURRENT_INVOCATION_LIMIT_EXCEEDED) / count;
        assertThat(refused).isCloseTo(erlangB(servers, offered), withinPercentage(1.0));
    }

    private static SimulationTotals run(SimulationPlan plan, long count, double meanGapNs) {
        return new Simulation(plan, PolicyCatalogue.standard(plan.config().keepAliveNs()), SimulationListener.NONE)
                .run(new RandomArrivals(plan.seed(), count, meanGapNs, 1));
    }

    private static FunctionModel function(WorkModel work) {
        return FunctionModel.of(SimulationBed.spec("f", 128), EnvironmentModel.NONE, work);
    }

    private static double erlangB(int servers, double offered) {
        double loss = 1;
        for (int server = 1; server <= servers; server++) {
            loss = offered * loss / (server + offered * loss);
        }
        return loss;
    }

    private static double erlangC(int servers, double offered) {
        double loss = erlangB(servers, offered);
        return servers * loss / (servers - offered * (1 - loss));
    }
}
