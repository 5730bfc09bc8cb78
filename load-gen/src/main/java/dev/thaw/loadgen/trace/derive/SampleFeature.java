package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFunction;
import dev.thaw.loadgen.trace.derive.TraceMeasure.Moments;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** One property of all functions of a trace, sorted, to compare samples with. */
final class SampleFeature {
    /** Function at each rank. */
    private final int[] order;
    /** Distance from each rank's value to the next one's, by the standard deviation of all. */
    private final double[] gaps;

    SampleFeature(double[] values) {
        order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        Moments moments = new Moments();
        Arrays.stream(values).forEach(moments::add);
        double deviation = Math.sqrt(moments.variance());
        gaps = new double[values.length];
        for (int rank = 0; rank + 1 < values.length; rank++) {
            double gap = values[order[rank + 1]] - values[order[rank]];
            gaps[rank] = deviation == 0 ? 0 : gap / deviation;
        }
    }

    /** The features that samples are compared by: logarithms where values spread over orders of magnitude. */
    static List<SampleFeature> of(Trace trace) {
        int count = trace.functions().size();
        double[] invocations = new double[count];
        double[] busyUs = new double[count];
        long[] lastNs = new long[count];
        Moments[] iats = new Moments[count];
        Arrays.setAll(iats, i -> new Moments());
        for (ArrivalCursor arrival = trace.arrivals(); arrival.next(); ) {
            int function = arrival.function();
            if (invocations[function]++ > 0) {
                iats[function].add((double) arrival.startNs() - lastNs[function]);
            }
            lastNs[function] = arrival.startNs();
            busyUs[function] += arrival.durationUs();
        }
        return List.of(
                new SampleFeature(Arrays.stream(invocations).map(Math::log1p).toArray()),
                new SampleFeature(IntStream.range(0, count)
                        .mapToDouble(i -> Math.log1p(busyUs[i] / Math.max(1, invocations[i])))
                        .toArray()),
                new SampleFeature(trace.functions().stream()
                        .mapToDouble(TraceFunction::memoryMib)
                        .toArray()),
                new SampleFeature(IntStream.range(0, count)
                        .mapToDouble(i -> iats[i].mean > 0 ? iats[i].cv() : 0)
                        .toArray()));
    }

    /** The area between the distribution functions of the sample and of all. */
    double distance(boolean[] kept, int count) {
        double area = 0;
        int below = 0;
        for (int rank = 0; rank + 1 < order.length; rank++) {
            below += kept[order[rank]] ? 1 : 0;
            double apart = (double) below / count - (rank + 1.0) / order.length;
            area += Math.abs(apart) * gaps[rank];
        }
        return area;
    }
}
