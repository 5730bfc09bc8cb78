package dev.thaw.cli.virtual;

import dev.thaw.loadgen.trace.Trace;
import dev.thaw.results.FidelityRun;
import dev.thaw.results.RunBundle;
import dev.thaw.results.RunRows;
import dev.thaw.results.Sample;
import dev.thaw.scheduler.virtual.Simulation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.TDistribution;

/** Holds simulations of a trace's minutes to live runs of the same minutes. */
public final class Fidelity {
    /** Both ends of 95 %. */
    private static final double UPPER = 0.975;

    private final Trace trace;

    private Fidelity(Trace trace) {
        this.trace = trace;
    }

    /**
     * Reads the live runs' rows and runs the scenarios.
     *
     * @param live at least two; the model of the scenarios was made of the first
     * @param virtualRun the bundle of one of the scenarios
     */
    public static FidelityRun compare(Trace trace, List<RunBundle> live, List<Scenario> scenarios, String virtualRun)
            throws IOException {
        Fidelity fidelity = new Fidelity(trace);
        List<Map<FidelityMeasure, Double>> measured = new ArrayList<>();
        for (RunBundle each : live) {
            measured.add(fidelity.ofLive(each));
        }
        List<Map<FidelityMeasure, Double>> simulated =
                scenarios.stream().map(fidelity::ofVirtual).toList();
        List<FidelityRun.Measure> measures = new ArrayList<>();
        for (FidelityMeasure measure : FidelityMeasure.values()) {
            measures.add(measure(measure, values(measured, measure), values(simulated, measure)));
        }
        return new FidelityRun(measures, live, virtualRun, scenarios.size());
    }

    private static List<Double> values(List<Map<FidelityMeasure, Double>> runs, FidelityMeasure measure) {
        return runs.stream().map(run -> run.getOrDefault(measure, 0.0)).toList();
    }

    private Map<FidelityMeasure, Double> ofLive(RunBundle bundle) throws IOException {
        RunFigures figures = new RunFigures();
        PlannedWork planned = new PlannedWork(trace);
        RunRows.read(bundle, (function, sample) -> figures.add(sample, planned.take(function, sample.intendedStartNs)));
        return figures.values();
    }

    private Map<FidelityMeasure, Double> ofVirtual(Scenario scenario) {
        RunFigures figures = new RunFigures();
        PlannedWork planned = new PlannedWork(trace);
        SampledEndings endings = new SampledEndings(scenario, new SampledEndings.SampleSink() {
            private final Sample reused = new Sample();

            @Override
            public Sample next() {
                return reused;
            }

            @Override
            public void filled(Sample sample, Simulation simulation) {
                String function = trace.functions().get(sample.function).name();
                figures.add(sample, planned.take(function, sample.intendedStartNs));
            }
        });
        endings.simulation().run(scenario.workload().arrivals());
        return figures.values();
    }

    static FidelityRun.Measure measure(FidelityMeasure measure, List<Double> live, List<Double> virtual) {
        List<Double> held = live.subList(1, live.size());
        double liveMean = mean(held);
        double half = halfWidth(live, held.size());
        return new FidelityRun.Measure(
                measure.key,
                measure.title,
                measure.goalPercent,
                live,
                liveMean,
                Math.max(0, liveMean - half),
                liveMean + half,
                mean(virtual),
                virtual.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                virtual.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /** Of the interval that holds one more run: t s sqrt(1 + 1/n). All live runs tell how far they lie apart. */
    private static double halfWidth(List<Double> live, int inMean) {
        double mean = mean(live);
        double squares = live.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        double deviation = Math.sqrt(squares / (live.size() - 1));
        double t = TDistribution.of(live.size() - 1.0).inverseCumulativeProbability(UPPER);
        return t * deviation * Math.sqrt(1 + 1.0 / inMean);
    }
}
