package dev.thaw.scheduler.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.policy.PolicyCatalogue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * FaasCache's hit-ratio curve (Fuerst and Sharma, ASPLOS 2021): an invocation is warm with so much memory if the functions
 * used since the last one of its own, this one included, fit it together. The curve is computed from the order of
 * invocations alone, and is to be what the distances say, counted plainly, and what LRU keep-alive makes of them.
 */
final class HitRatioCurveTest {
    private static final long GAP_MS = 1_000;
    private static final int INVOCATIONS = 400;
    private static final int LARGEST_MIB = 1_024;

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void shouldBeWhatLruKeepAliveMakesOfIt(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] memoryMib =
                random.ints(random.nextInt(1, 40), 128, LARGEST_MIB + 1).toArray();
        int[] order = new int[INVOCATIONS];
        for (int at = 0; at < order.length; at++) {
            // A few functions have most invocations, as in real traces.
            double rank = Math.pow(memoryMib.length, random.nextDouble()) - 1;
            order[at] = Math.min(memoryMib.length - 1, (int) rank);
        }
        long[] distancesMib = reuseDistances(order, memoryMib);
        HitRatioCurve curve = new HitRatioCurve(memoryMib);
        for (int function : order) {
            curve.invoked(function);
        }
        for (int hostMib = LARGEST_MIB; hostMib < 16_000; hostMib += random.nextInt(1, 3_000)) {
            int hits = 0;
            for (long distanceMib : distancesMib) {
                hits += distanceMib <= hostMib ? 1 : 0;
            }
            SimulationTotals totals = simulate(order, memoryMib, hostMib);

            assertThat(totals.count(Outcome.RESPONSE)).isEqualTo(INVOCATIONS);
            assertThat(INVOCATIONS - totals.coldTriggers())
                    .as("seed %d, %d MiB", seed, hostMib)
                    .isEqualTo(hits);
            assertThat(curve.hits(hostMib)).isEqualTo(hits);
            if (hits > 0) {
                assertThat(curve.smallestMib(hits)).isLessThanOrEqualTo(hostMib);
                assertThat(curve.hits(curve.smallestMib(hits))).isEqualTo(hits);
                assertThat(curve.hits(curve.smallestMib(hits) - 1)).isLessThan(hits);
            }
        }
        assertThat(curve.smallestMib(INVOCATIONS - curve.first() + 1)).isEqualTo(HitRatioCurve.NEVER);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void shouldCountLongSequencesAsPlainly(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] memoryMib = random.ints(7, 1, 9).toArray();
        int[] order = random.ints(4_000, 0, memoryMib.length).toArray();
        HitRatioCurve curve = new HitRatioCurve(memoryMib);
        for (int function : order) {
            curve.invoked(function);
        }
        long[] distancesMib = reuseDistances(order, memoryMib);
        for (int mib = 0; mib < 60; mib++) {
            int limit = mib;
            assertThat(curve.hits(mib))
                    .as("seed %d, %d MiB", seed, mib)
                    .isEqualTo(java.util.Arrays.stream(distancesMib)
                            .filter(each -> each <= limit)
                            .count());
        }
    }

    /** Memory of the different functions from one invocation back to the last of its function, which is counted once. */
    private static long[] reuseDistances(int[] order, int[] memoryMib) {
        long[] distances = new long[order.length];
        for (int at = 0; at < order.length; at++) {
            Set<Integer> used = new LinkedHashSet<>(List.of(order[at]));
            int back = at - 1;
            while (back >= 0 && order[back] != order[at]) {
                used.add(order[back--]);
            }
            distances[at] = back < 0
                    ? Long.MAX_VALUE
                    : used.stream().mapToLong(function -> memoryMib[function]).sum();
        }
        return distances;
    }

    /** One at a time: each has ended long before the next one comes. */
    private static SimulationTotals simulate(int[] order, int[] memoryMib, int hostMib) {
        List<FunctionModel> functions = new ArrayList<>();
        for (int function = 0; function < memoryMib.length; function++) {
            EnvironmentModel environment = EnvironmentModel.of(
                    SimulationBed.ms(10),
                    SimulationBed.ms(20),
                    SimulationBed.ms(30),
                    0,
                    DurationModel.NONE,
                    DurationModel.NONE,
                    SimulationBed.ms(5));
            functions.add(FunctionModel.of(
                    SimulationBed.spec("f" + function, memoryMib[function]),
                    environment,
                    WorkModel.waiting(SimulationBed.ms(40))));
        }
        List<SimulationBed.Arrival> arrivals = new ArrayList<>();
        for (int at = 0; at < order.length; at++) {
            arrivals.add(SimulationBed.Arrival.ms(at * GAP_MS, order[at], 40));
        }
        VirtualHost host = new VirtualHost(new HostSpec("h", hostMib, Integer.MAX_VALUE), 4_000_000);
        SimulationPlan plan = new SimulationPlan(SimulationBed.config(1_000, 0), List.of(host), functions, 1);
        return new Simulation(plan, PolicyCatalogue.policies("mru", "lru", "fifo", "none"), SimulationListener.NONE)
                .run(SimulationBed.arrivals(arrivals));
    }
}
