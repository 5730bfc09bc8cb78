package dev.thaw.loadgen.trace;

import java.lang.foreign.MemorySegment;

/** Merges sorted runs of arrivals: the smallest head first, of equal ones that of the earlier run. */
final class SpoolCursor implements ArrivalCursor {
    private final MemorySegment all;
    private final int[] dense;
    private final long[] ends;
    /** Of each run: the arrival that is next. */
    private final long[] heads;

    private final long[] headsNs;
    /** A heap of runs that are not at their end. */
    private final int[] heap;

    private int heapSize;
    private boolean started;
    private long at;

    /**
     * @param ends of each run, where the next one begins
     * @param dense function index by that of the spool
     */
    SpoolCursor(MemorySegment all, long[] ends, int[] dense) {
        this.all = all;
        this.ends = ends;
        this.dense = dense;
        heads = new long[ends.length];
        headsNs = new long[ends.length];
        heap = new int[ends.length];
        for (int run = 0; run < ends.length; run++) {
            heads[run] = run == 0 ? 0 : ends[run - 1];
            if (heads[run] < ends[run]) {
                headsNs[run] = startNs(heads[run]);
                heap[heapSize++] = run;
            }
        }
        for (int i = heapSize / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    @Override
    public boolean next() {
        if (started) {
            advance();
        }
        started = true;
        if (heapSize == 0) {
            return false;
        }
        at = heads[heap[0]];
        return true;
    }

    private void advance() {
        if (heapSize == 0) {
            return;
        }
        int run = heap[0];
        if (++heads[run] < ends[run]) {
            headsNs[run] = startNs(heads[run]);
        } else {
            heap[0] = heap[--heapSize];
        }
        sink(0);
    }

    private void sink(int from) {
        int place = from;
        int run = heap[place];
        for (int child = 2 * place + 1; child < heapSize; child = 2 * place + 1) {
            if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], run)) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
        heap[place] = run;
    }

    private boolean isBefore(int run, int other) {
        return headsNs[run] < headsNs[other] || (headsNs[run] == headsNs[other] && run < other);
    }

    private long startNs(long arrival) {
        return all.get(ArrivalSpool.LONG, arrival * ArrivalSpool.ARRIVAL_BYTES);
    }

    @Override
    public long startNs() {
        return startNs(at);
    }

    @Override
    public int function() {
        return dense[all.get(ArrivalSpool.INT, at * ArrivalSpool.ARRIVAL_BYTES + Long.BYTES)];
    }

    @Override
    public int durationUs() {
        return all.get(ArrivalSpool.INT, at * ArrivalSpool.ARRIVAL_BYTES + Long.BYTES + Integer.BYTES);
    }
}
