package dev.thaw.cli.virtual;

import dev.thaw.results.RunOutcome;
import dev.thaw.results.RunPlan;
import dev.thaw.results.RunProgress;
import dev.thaw.results.Sample;
import dev.thaw.results.VirtualRecorder;
import dev.thaw.results.VirtualTotals;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.Simulation;
import dev.thaw.scheduler.virtual.SimulationTotals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A scenario that is written down as a bundle.
 *
 * <p>Threading: one thread; {@link #stop} and {@link #progress} on any.
 */
public final class SimulatedRun implements AutoCloseable {
    /** Rows of a run that did not ask for all: enough to look at, some megabytes. */
    private static final long SAMPLED_ROWS = 100_000;

    private static final double NS_PER_S = 1e9;

    private final VirtualRecorder recorder;
    private final List<FunctionModel> functions;
    private final SampleBatches batches;
    private final long intervalNs;
    private long intervalEndNs;
    private final SampledEndings endings;
    private final StoppableArrivals arrivals;

    private SimulatedRun(Scenario scenario, VirtualRecorder recorder) {
        this.recorder = recorder;
        functions = scenario.workload().functions();
        batches = new SampleBatches(recorder);
        intervalNs = recorder.intervalNs();
        intervalEndNs = intervalNs;
        endings = new SampledEndings(scenario, new Recording());
        arrivals = scenario.workload().arrivals();
    }

    /**
     * Opens the bundle; everything of the scenario has been checked by then.
     *
     * @param allRows a row for each invocation, not for a sample of them
     */
    public static SimulatedRun open(Scenario scenario, RunPlan plan, boolean allRows, Path runs) throws IOException {
        long rowEvery = allRows ? 1 : Math.max(1, Math.ceilDiv(plan.plannedInvocations(), SAMPLED_ROWS));
        return new SimulatedRun(scenario, VirtualRecorder.open(plan, rowEvery, runs));
    }

    public RunProgress progress() {
        return recorder.progress();
    }

    /** Ends it early: what has not arrived yet never does, and the bundle says so. */
    public void stop() {
        arrivals.stop();
    }

    public RunOutcome run() {
        SimulationTotals totals = endings.simulation().run(arrivals);
        batches.finish();
        return recorder.finish(totals(totals, functions));
    }

    /** Hands over samples, and the fleet once an interval. */
    private final class Recording implements SampledEndings.SampleSink {
        @Override
        public Sample next() {
            return batches.next();
        }

        @Override
        public void filled(Sample sample, Simulation simulation) {
            if (sample.doneNs >= intervalEndNs) {
                batches.fleet(simulation.fleet());
                intervalEndNs = (sample.doneNs / intervalNs + 1) * intervalNs;
            }
            batches.filled();
        }
    }

    private static VirtualTotals totals(SimulationTotals totals, List<FunctionModel> functions) {
        return new VirtualTotals(
                totals.added(),
                totals.queueing(),
                totals.queued(),
                coldShare(totals),
                totals.idleGbS(),
                totals.billedGbS(),
                totals.billedInitGbS(),
                totals.hostHours(),
                totals.environmentsCreated(),
                totals.environmentsPrewarmed(),
                totals.mostEnvironments(),
                provisionedGbS(totals, functions),
                refusals(totals),
                totals.endNs());
    }

    /** Kept ready for all of the simulation's time; empty where there was none. */
    private static List<Double> provisionedGbS(SimulationTotals totals, List<FunctionModel> functions) {
        boolean any = functions.stream().anyMatch(each -> each.provisionedConcurrency() > 0);
        return any
                ? functions.stream()
                        .map(each -> each.provisionedGb() * totals.endNs() / NS_PER_S)
                        .toList()
                : List.of();
    }

    /** Of those that were served. */
    static double coldShare(SimulationTotals totals) {
        long served = 0;
        for (Outcome outcome : Outcome.values()) {
            served += totals.count(outcome);
        }
        return served == 0 ? 0 : (double) totals.coldTriggers() / served;
    }

    private static Map<String, Long> refusals(SimulationTotals totals) {
        Map<String, Long> counts = new TreeMap<>();
        for (Refusal refusal : Refusal.values()) {
            if (totals.count(refusal) > 0) {
                counts.put(refusal.name().toLowerCase(Locale.ROOT), totals.count(refusal));
            }
        }
        return counts;
    }

    /** Leaves nothing behind where the run did not end. */
    @Override
    public void close() {
        batches.close();
        recorder.close();
    }
}
