package dev.thaw.results.statistics;

import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How far a figure of a series may be off: blocks of neighbouring units are drawn with replacement until there are as many
 * units as before, again and again (the circular block bootstrap of Politis and Romano, 1992: the last unit's neighbour is
 * the first). Neighbours inside a block stay as alike as they are. The same seed draws the same.
 *
 * <p>Few blocks spread less than what they stand for, so intervals are stretched about the figure as {@link RatioTest} does.
 *
 * <p>Threading: one thread.
 */
public final class BlockBootstrap {
    private static final double OUTER = (1 - RatioEstimate.CONFIDENCE) / 2;
    private static final double NORMAL = NormalDistribution.of(0, 1).inverseSurvivalProbability(OUTER);
    /** An interval needs so many blocks, */
    private static final int MIN_BLOCKS = 4;
    /** and a figure in so many of the draws. */
    private static final double MIN_KNOWN_DRAWS = 0.95;

    private final int units;
    private final int block;
    private final int draws;
    private final long seed;

    /**
     * A series of so many units in blocks of so many.
     *
     * @param block from 1 to the number of units; the last one of a draw is cut
     */
    public BlockBootstrap(int units, int block, int draws, long seed) {
        if (units < 1 || block < 1 || block > units || draws < 1) {
            throw new IllegalArgumentException(units + " units in blocks of " + block + ", drawn " + draws
                    + " times: must be at least 1 each, a block no longer than the series");
        }
        this.units = units;
        this.block = block;
        this.draws = draws;
        this.seed = seed;
    }

    /** A series in blocks of the cube root of its length. */
    public static BlockBootstrap of(int units, int draws, long seed) {
        return new BlockBootstrap(units, (int) Math.max(1, Math.round(Math.cbrt(units))), draws, seed);
    }

    /**
     * A figure and its 95 % interval.
     *
     * @param low not a number, like {@code high}, where the series is too short for one, or has nothing of it
     */
    public record Interval(double value, double low, double high) {}

    public int units() {
        return units;
    }

    public int block() {
        return block;
    }

    public int draws() {
        return draws;
    }

    /** There are enough blocks for an interval. */
    public boolean isLongEnough() {
        return units >= leastUnits();
    }

    /** An interval needs so many units that have anything of its figure. */
    public int leastUnits() {
        return MIN_BLOCKS * block;
    }

    /** Hands over how often each unit counts, draw by draw; the array is used again. */
    public void each(Consumer<int[]> draw) {
        UniformRandomProvider random = Design.random(seed);
        int[] weights = new int[units];
        for (int at = 0; at < draws; at++) {
            Arrays.fill(weights, 0);
            int start = 0;
            for (int drawn = 0; drawn < units; drawn++) {
                start = drawn % block == 0 ? random.nextInt(units) : start;
                weights[(start + drawn % block) % units]++;
            }
            draw.accept(weights);
        }
    }

    /** A figure of each draw, draw by draw; not a number where the drawn units have nothing of it. */
    public double[] drawn(Measure measure) {
        double[] drawn = new double[draws];
        int[] draw = {0};
        each(weights -> drawn[draw[0]++] = measure.of(weights));
        return drawn;
    }

    /** Of a figure that is never negative. */
    public Interval of(Measure measure) {
        return of(measure.ofRange(0, units, units), drawn(measure));
    }

    /** Of a figure that is never negative, from what each draw had of it. */
    public Interval of(double value, double... drawn) {
        double[] sorted = Arrays.stream(drawn)
                .filter(each -> !Double.isNaN(each))
                .sorted()
                .toArray();
        if (!isLongEnough() || Double.isNaN(value) || sorted.length < MIN_KNOWN_DRAWS * draws) {
            return new Interval(value, Double.NaN, Double.NaN);
        }
        if (sorted[sorted.length - 1] == 0) {
            // It never happened: how often it might, no draw can tell.
            return new Interval(value, Double.NaN, Double.NaN);
        }
        return new Interval(
                value,
                stretched(value, RatioTest.quantile(sorted, OUTER)),
                stretched(value, RatioTest.quantile(sorted, 1 - OUTER)));
    }

    /** By factors, as figures spread; what is zero has none. */
    private double stretched(double value, double end) {
        if (value == 0 || end == 0) {
            return end;
        }
        return value * StrictMath.pow(end / value, stretch());
    }

    private double stretch() {
        double blocks = (double) units / block;
        double few = Math.sqrt(blocks / (blocks - 1));
        return few * TDistribution.of(blocks - 1).inverseSurvivalProbability(OUTER) / NORMAL;
    }

    /** The share of draws beyond either end of an interval that cannot be stretched by factors, such as of a count. */
    public double outer() {
        return NormalDistribution.of(0, 1).survivalProbability(NORMAL * stretch());
    }
}
