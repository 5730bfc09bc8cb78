package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.SchedulerConfig;
import java.util.List;

/**
 * Everything of a simulation but arrivals and policies.
 *
 * @param seed of all draws
 * @param histogramForEachFunction keeps a histogram of latency for each function, as large as its latencies are different
 */
public record SimulationPlan(
        SchedulerConfig config,
        List<VirtualHost> hosts,
        List<FunctionModel> functions,
        long seed,
        boolean histogramForEachFunction) {
    public SimulationPlan {
        hosts = List.copyOf(hosts);
        functions = List.copyOf(functions);
    }
}
