package dev.thaw.scheduler.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import org.junit.jupiter.api.Test;

/** Policies stand in the order that their papers report on Azure-like load, on one host that is under some pressure. */
final class PolicyOrderTest {
    private static final int HOST_MIB = 16_000;
    private static final int SEEDS = 2;

    private record Result(long coldStarts, double addedMs, double idleGbS) {}

    private static Result simulate(String keepAlive) {
        long coldStarts = 0;
        double addedNs = 0;
        double idleGbS = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            AzureLikeLoad load = new AzureLikeLoad(seed, 300, 3, 8);
            VirtualHost host = new VirtualHost(new HostSpec("h", HOST_MIB, Integer.MAX_VALUE), 4_000_000);
            SimulationPlan plan = SimulationBed.plan(SimulationBed.config(10_000, 0), host, load.functions, seed);
            SimulationTotals totals = new Simulation(
                            plan, PolicyCatalogue.policies("mru", keepAlive, "fifo", "none"), SimulationListener.NONE)
                    .run(SimulationBed.arrivals(load.arrivals));
            coldStarts += totals.coldTriggers() + totals.coldVictims();
            addedNs += totals.added().getMean() / SEEDS;
            idleGbS += totals.idleGbS();
        }
        return new Result(coldStarts, addedNs / SimulationBed.NS_PER_MS, idleGbS);
    }

    /** FaasCache, ASPLOS 2021; Serverless in the Wild, ATC 2020: fewer invocations meet a cold start, at no more memory. */
    @Test
    void shouldBeatTenMinutesAtEqualMemory() {
        Result fixed = simulate("fixed-ttl:10m");
        Result greedyDual = simulate("greedy-dual");
        Result hybrid = simulate("hybrid-histogram");

        assertThat(greedyDual.coldStarts()).isLessThan(fixed.coldStarts());
        assertThat(hybrid.coldStarts()).isLessThan(fixed.coldStarts());
        assertThat(greedyDual.addedMs()).isLessThan(fixed.addedMs());
        assertThat(hybrid.addedMs()).isLessThan(fixed.addedMs());
        assertThat(hybrid.idleGbS()).isLessThan(fixed.idleGbS());
    }
}
