package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.SchedulerConfig;
import java.util.List;

/**
 * Everything of a simulation but arrivals and policies.
 *
 * @param seed of all draws
 */
public record SimulationPlan(
        SchedulerConfig config, List<VirtualHost> hosts, List<FunctionModel> functions, long seed) {
    public SimulationPlan {
        hosts = List.copyOf(hosts);
        functions = List.copyOf(functions);
    }
}
