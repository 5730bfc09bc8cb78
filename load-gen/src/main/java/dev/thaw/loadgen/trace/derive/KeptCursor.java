package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.ArrivalCursor;

/** Arrivals of some of a trace's functions. */
final class KeptCursor implements ArrivalCursor {
    private final ArrivalCursor all;
    private final int[] dense;

    /** @param dense a function's new index, or -1 for one that is left out */
    KeptCursor(ArrivalCursor all, int[] dense) {
        this.all = all;
        this.dense = dense;
    }

    @Override
    public boolean next() {
        while (all.next()) {
            if (dense[all.function()] >= 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long startNs() {
        return all.startNs();
    }

    @Override
    public int function() {
        return dense[all.function()];
    }

    @Override
    public int durationUs() {
        return all.durationUs();
    }
}
