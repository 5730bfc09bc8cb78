package dev.thaw.scheduler.virtual;

import java.util.SplittableRandom;

/** Arrivals at random times, of functions evenly, a given number of them; handlers' work is left to the models. */
final class RandomArrivals implements ArrivalSource {
    private final SplittableRandom random;
    private final double meanGapNs;
    private final int functions;
    private long left;
    private double atNs;
    private int functionId;

    RandomArrivals(long seed, long count, double meanGapNs, int functions) {
        random = new SplittableRandom(seed);
        left = count;
        this.meanGapNs = meanGapNs;
        this.functions = functions;
    }

    @Override
    public boolean next() {
        atNs -= meanGapNs * Math.log(1 - random.nextDouble());
        functionId = functions == 1 ? 0 : random.nextInt(functions);
        return left-- > 0;
    }

    @Override
    public long atNs() {
        return (long) atNs;
    }

    @Override
    public int functionId() {
        return functionId;
    }

    @Override
    public long workNs() {
        return DRAW_WORK;
    }
}
