package dev.thaw.cli.virtual;

import dev.thaw.scheduler.virtual.DurationModel;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;

/**
 * Durations as they were measured: quantiles, and of how many.
 *
 * @param n how many were measured; 0 for what was taken from elsewhere
 * @param p rising probabilities, from 0 to 1
 * @param ns the durations at these
 */
public record QuantileTable(long n, List<Double> p, List<Long> ns) {
    private static final int HUNDRED = 100;
    /** Days: sums of a few of them are far from what 64 bits hold. */
    private static final long MAX_NS = 1_000_000_000_000_000L;

    private static final double ROUNDING = 1e-9;
    /** Beyond the hundredths, each only where a sample lies beyond it. */
    private static final List<Double> TAIL = List.of(0.995, 0.999, 0.9995, 0.9999, 0.99999);

    public QuantileTable {
        p = List.copyOf(p);
        ns = List.copyOf(ns);
        // Checks: two or more, from 0 to 1, rising.
        model(p, ns);
        if (n < 0 || ns.getLast() > MAX_NS) {
            throw new IllegalArgumentException("n is " + n + " and the longest of ns " + ns.getLast()
                    + ", must be 0 or more and " + MAX_NS + " at most");
        }
    }

    /** Always the same. */
    public static QuantileTable constant(long ns) {
        return new QuantileTable(0, List.of(0.0, 1.0), List.of(ns, ns));
    }

    /** Of at least one value; up to a hundred are all kept. */
    public static QuantileTable of(AbstractHistogram measured) {
        long count = measured.getTotalCount();
        List<Double> p = new ArrayList<>();
        int steps = Math.clamp(count - 1, 1, HUNDRED);
        for (int step = 0; step < steps; step++) {
            p.add(step / (double) steps);
        }
        for (double tail : TAIL) {
            if (count > HUNDRED && (1 - tail) * count >= 1 - ROUNDING) {
                p.add(tail);
            }
        }
        p.add(1.0);
        List<Long> ns = new ArrayList<>();
        for (double probability : p) {
            // Rank 1 is the smallest, rank n the largest: a percentage in the middle of a rank's part cannot be rounded
            // out of it.
            double rank = 0.5 + Math.floor(probability * (count - 1) + ROUNDING);
            ns.add(measured.getValueAtPercentile(100 * rank / count));
        }
        return new QuantileTable(count, p, ns);
    }

    /** As the simulation draws from it. */
    public DurationModel toModel() {
        return ns.getFirst().equals(ns.getLast()) ? new DurationModel.Constant(ns.getFirst()) : model(p, ns);
    }

    /** The value at a probability, between quantiles by a straight line. */
    public long at(double probability) {
        for (int above = 1; above < p.size(); above++) {
            if (probability <= p.get(above)) {
                double part = (probability - p.get(above - 1)) / (p.get(above) - p.get(above - 1));
                return ns.get(above - 1) + Math.round(part * (ns.get(above) - ns.get(above - 1)));
            }
        }
        return ns.getLast();
    }

    private static DurationModel model(List<Double> p, List<Long> ns) {
        return new DurationModel.Quantiles(
                p.stream().mapToDouble(Double::doubleValue).toArray(),
                ns.stream().mapToLong(Long::longValue).toArray());
    }
}
