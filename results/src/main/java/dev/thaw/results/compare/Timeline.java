package dev.thaw.results.compare;

import dev.thaw.results.Phase;
import dev.thaw.results.statistics.PooledValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Gathers what one run says of its invocations, by stretch of its time. */
final class Timeline {
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_S = 1e9;
    private static final int DIGITS = 3;
    private static final List<Tail> ALL = List.of(Tail.values());
    private static final List<Tail> PHASE_TAILS = List.of(Tail.P50, Tail.P99);
    private static final List<Tail> LATENESS_TAILS = List.of(Tail.P99);

    private final int stretches;
    private final double stretchNs;
    private final double durationNs;
    private final Histogram[] latency;
    private final Histogram[] lateness;
    private final SortedMap<Phase, Histogram[]> phases = new TreeMap<>();
    private final SortedMap<String, ValueList[]> functions = new TreeMap<>();
    private final SortedMap<Sum, double[]> sums = new TreeMap<>();

    /** What is added up. */
    enum Sum {
        DONE_IN_TIME,
        SENT,
        FAILED,
        KNOWN,
        COLD,
        VICTIMS,
        SUPPRESSED,
        THROTTLED_KNOWN,
        THROTTLED_MS,
        GB_SECONDS,
        PRICED,
        USD,
        /** Rows of before there was a column for them tell nothing of it. */
        PRICED_WITH_INITS,
        USD_WITH_INITS
    }

    Timeline(int stretches, double durationNs) {
        this.stretches = stretches;
        this.durationNs = durationNs;
        stretchNs = durationNs / stretches;
        latency = histograms();
        lateness = histograms();
        for (Sum sum : Sum.values()) {
            sums.put(sum, new double[stretches]);
        }
    }

    private Histogram[] histograms() {
        Histogram[] each = new Histogram[stretches];
        Arrays.setAll(each, _ -> new Histogram(DIGITS));
        return each;
    }

    int stretches() {
        return stretches;
    }

    /** The stretch that a moment lies in; what comes after the plan belongs to the last. */
    int stretchAt(long atNs) {
        return (int) Math.clamp(Math.floor(atNs / stretchNs), 0, stretches - 1);
    }

    boolean isInTime(long atNs) {
        return atNs <= durationNs;
    }

    void add(Sum sum, int stretch, double value) {
        of(sum)[stretch] += value;
    }

    /** What was added up is of a sample. */
    void scale(Sum sum, double factor) {
        double[] all = of(sum);
        Arrays.setAll(all, stretch -> all[stretch] * factor);
    }

    private double[] of(Sum sum) {
        return sums.getOrDefault(sum, new double[0]);
    }

    void latency(int stretch, String function, long ns) {
        latency[stretch].recordValue(Math.max(0, ns));
        function(function)[stretch].add(Math.max(0, ns), 1);
    }

    Histogram latencies(int stretch) {
        return latency[stretch];
    }

    Histogram latenesses(int stretch) {
        return lateness[stretch];
    }

    ValueList[] function(String name) {
        return functions.computeIfAbsent(name, _ -> {
            ValueList[] each = new ValueList[stretches];
            Arrays.setAll(each, _ -> new ValueList());
            return each;
        });
    }

    Histogram[] phase(Phase phase) {
        return phases.computeIfAbsent(phase, _ -> histograms());
    }

    Evidence evidence() {
        List<Figure> figures = new ArrayList<>();
        figures.add(distribution("latency", latency, ALL, true));
        figures.add(mean());
        double[] seconds = new double[stretches];
        Arrays.fill(seconds, stretchNs / NS_PER_S);
        figures.add(quotient("throughput", "1/s", false, of(Sum.DONE_IN_TIME), seconds));
        figures.add(quotient("failures", "of sent", true, of(Sum.FAILED), of(Sum.SENT)));
        figures.add(distribution("lateness", lateness, LATENESS_TAILS, false));
        phases.forEach((phase, each) -> figures.add(distribution("phase." + phase.key(), each, PHASE_TAILS, false)));
        figures.add(quotient("coldStarts", "of invocations", true, of(Sum.COLD), of(Sum.KNOWN)));
        figures.add(quotient("victims", "of invocations", true, of(Sum.VICTIMS), of(Sum.KNOWN)));
        figures.add(quotient("suppressedInits", "of invocations", true, of(Sum.SUPPRESSED), of(Sum.KNOWN)));
        figures.add(quotient("throttledTime", "ms/invocation", true, of(Sum.THROTTLED_MS), of(Sum.THROTTLED_KNOWN)));
        figures.add(quotient("gbSeconds", "GB-s/invocation", true, of(Sum.GB_SECONDS), of(Sum.KNOWN)));
        figures.add(quotient("cost", "USD/million", true, of(Sum.USD), of(Sum.PRICED)));
        figures.add(quotient(
                "cost.sinceAugust2025", "USD/million", true, of(Sum.USD_WITH_INITS), of(Sum.PRICED_WITH_INITS)));
        Evidence evidence = Evidence.of(stretches, figures);
        functions.forEach((name, each) -> evidence.put(name, ofFunction(each)));
        return evidence;
    }

    private static Figure quotient(String name, String unit, boolean lower, double[] above, double[] below) {
        return new Figure.Quotient(new Metric(name, unit, lower), above, below);
    }

    private Figure mean() {
        double[] above = new double[stretches];
        double[] below = new double[stretches];
        for (int i = 0; i < stretches; i++) {
            below[i] = latency[i].getTotalCount();
            above[i] = below[i] == 0 ? 0 : latency[i].getMean() / NS_PER_US * below[i];
        }
        return quotient("latency.mean", "us", true, above, below);
    }

    private static Figure ofFunction(ValueList[] values) {
        List<PooledValues.Unit> units =
                Arrays.stream(values).map(each -> each.unit(NS_PER_US)).toList();
        return new Figure.Distribution("function.latency", "us", units, PHASE_TAILS, false);
    }

    private static Figure distribution(String name, Histogram[] histograms, List<Tail> tails, boolean maximum) {
        List<PooledValues.Unit> units =
                Arrays.stream(histograms).map(Timeline::unit).toList();
        return new Figure.Distribution(name, "us", units, tails, maximum);
    }

    private static PooledValues.Unit unit(Histogram histogram) {
        ValueList values = new ValueList();
        for (var recorded : histogram.recordedValues()) {
            values.add(recorded.getValueIteratedTo(), recorded.getCountAtValueIteratedTo());
        }
        return values.unit(NS_PER_US);
    }
}
