package dev.thaw.loadgen.trace;

/** Walks over arrivals held in arrays, already in order. */
final class ArrayCursor implements ArrivalCursor {
    private final long[] startsNs;
    private final int[] functions;
    private final int[] durationsUs;
    private int at = -1;

    ArrayCursor(long[] startsNs, int[] functions, int[] durationsUs) {
        this.startsNs = startsNs;
        this.functions = functions;
        this.durationsUs = durationsUs;
    }

    @Override
    public boolean next() {
        return ++at < startsNs.length;
    }

    @Override
    public long startNs() {
        return startsNs[at];
    }

    @Override
    public int function() {
        return functions[at];
    }

    @Override
    public int durationUs() {
        return durationsUs[at];
    }
}
