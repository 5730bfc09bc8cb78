package dev.thaw.cli.virtual;

import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.virtual.Simulation;
import dev.thaw.scheduler.virtual.SimulationListener;
import dev.thaw.scheduler.virtual.SimulationPlan;
import dev.thaw.scheduler.virtual.SimulationTotals;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.util.List;
import java.util.function.Supplier;

/**
 * One simulation as a pure function: everything that decides its figures in, totals out. The same scenario gives the same
 * totals, on any thread, as often as asked.
 *
 * <p>Threading: immutable; may run on any number of threads at the same time.
 *
 * @param policies new ones for each run, for they may keep state
 */
public record Scenario(
        Workload workload, SchedulerConfig config, List<VirtualHost> hosts, Supplier<Policies> policies, long seed) {
    public Scenario {
        hosts = List.copyOf(hosts);
    }

    /** Runs it, in some tenths of a microsecond for each invocation. */
    public SimulationTotals run() {
        return prepare(SimulationListener.NONE).run(workload.arrivals());
    }

    /** The same, not begun, with somebody who listens. */
    public Simulation prepare(SimulationListener listener) {
        SimulationPlan plan = new SimulationPlan(config, hosts, workload.functions(), seed);
        return new Simulation(plan, policies.get(), listener);
    }
}
