package dev.thaw.results.compare;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to compare.
 *
 * @param unit what is drawn and exchanged
 * @param pairedRuns the nth run of A and the nth of B ran beside each other
 * @param metrics names or beginnings of names to compare; empty for all
 * @param cells only functions, benchmarks or settings whose name holds a match; null for all
 * @param minCount cells with fewer samples on either side are left out
 * @param seed of all draws
 * @param draws for each interval
 * @param exchanges for each test
 * @param level the chance of even one false verdict among all metrics of a table
 */
public record ComparisonSettings(
        UnitChoice unit,
        boolean pairedRuns,
        Set<String> metrics,
        @Nullable Pattern cells,
        long minCount,
        long seed,
        int draws,
        int exchanges,
        double level) {
    /** Units of the data. */
    public enum UnitChoice {
        /** Runs where both sides have at least two, else stretches of time. */
        AUTO,
        RUNS,
        STRETCHES
    }

    public static final double DEFAULT_LEVEL = 0.05;
    public static final long DEFAULT_SEED = 1;
    public static final int DEFAULT_DRAWS = 2_000;
    /** Enough that a p of 0.01, corrected for 40 metrics, still has a second exchange beside it. */
    public static final int DEFAULT_EXCHANGES = 9_999;

    public ComparisonSettings {
        metrics = Set.copyOf(metrics);
    }

    /** With the level that is usual. */
    public ComparisonSettings(
            UnitChoice unit,
            boolean pairedRuns,
            Set<String> metrics,
            @Nullable Pattern cells,
            long minCount,
            long seed,
            int draws,
            int exchanges) {
        this(unit, pairedRuns, metrics, cells, minCount, seed, draws, exchanges, DEFAULT_LEVEL);
    }

    public static ComparisonSettings defaults() {
        return new ComparisonSettings(
                UnitChoice.AUTO, false, Set.of(), null, 0, DEFAULT_SEED, DEFAULT_DRAWS, DEFAULT_EXCHANGES);
    }

    boolean wants(Metric metric) {
        return metrics.isEmpty()
                || metrics.stream()
                        .anyMatch(each ->
                                metric.name().equals(each) || metric.name().startsWith(each + "."));
    }

    boolean wantsCell(String cell) {
        return cells == null || cells.matcher(cell).find();
    }

    /** Another stream of draws for each metric, whatever others there are. */
    long seedOf(String name) {
        long hash = seed;
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 0x9E3779B97F4A7C15L + name.charAt(i);
        }
        return hash;
    }
}
