package dev.thaw.results.compare;

import dev.thaw.results.statistics.PooledValues;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Latencies of a run that never was: lognormal within a window, windows follow each other as an autoregressive process
 * of first order, and their rate drifts with them.
 */
record SyntheticSide(Figure latency, Figure mean, Figure throughput) {
    static final int WINDOWS = 64;
    private static final double RATE = 60;
    /** Resolution of the values: as fine as what is compared needs, coarse enough to be quick. */
    private static final double STEP = 250;

    /**
     * @param ratio by which all latencies are longer, and the rate higher
     * @param sigma of the latencies' logarithm within a window
     * @param spread of the windows' level, as a standard deviation of its logarithm
     * @param likeness of a window with the next, 0 to 1
     */
    static SyntheticSide of(long seed, double ratio, double sigma, double spread, double likeness) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[Units.STRETCHES][];
        double[] sums = new double[Units.STRETCHES];
        double[] counts = new double[Units.STRETCHES];
        double level = random.nextGaussian();
        int perUnit = WINDOWS / Units.STRETCHES;
        for (int unit = 0; unit < Units.STRETCHES; unit++) {
            double[] all = new double[perUnit * (int) (RATE * 4)];
            int size = 0;
            for (int window = 0; window < perUnit; window++) {
                level = likeness * level + Math.sqrt(1 - likeness * likeness) * random.nextGaussian();
                int count = (int) Math.round(RATE * Math.exp(spread * level + 0.1 * random.nextGaussian()));
                for (int i = 0; i < count && size < all.length; i++) {
                    double value = Math.exp(spread * level + sigma * random.nextGaussian());
                    all[size++] = Math.round(STEP * value) / STEP * ratio;
                }
            }
            values[unit] = java.util.Arrays.copyOf(all, size);
            sums[unit] = java.util.Arrays.stream(values[unit]).sum();
            counts[unit] = size * ratio;
        }
        double[] sizes =
                java.util.Arrays.stream(values).mapToDouble(each -> each.length).toArray();
        double[] seconds =
                IntStream.range(0, Units.STRETCHES).mapToDouble(_ -> perUnit).toArray();
        List<PooledValues.Unit> units =
                java.util.Arrays.stream(values).map(PooledValues.Unit::of).toList();
        return new SyntheticSide(
                new Figure.Distribution("latency", "us", units, List.of(Tail.P50, Tail.P99), false),
                new Figure.Quotient(new Metric("latency.mean", "us", true), sums, sizes),
                new Figure.Quotient(new Metric("throughput", "1/s", false), counts, seconds));
    }

    List<Figure> figures() {
        return List.of(latency, mean, throughput);
    }
}
