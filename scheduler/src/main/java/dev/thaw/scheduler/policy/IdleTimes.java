package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.HotPath;

/**
 * How long a function was idle between invocations, as counts of bins of equal width up to a range. Two percentiles move with
 * the counts: adding one costs O(1) on average, reading them nothing.
 */
final class IdleTimes {
    private static final int MOST = 0xFFFF;
    private static final int PERCENT = 100;

    private final short[] counts;
    private final int headPercent;
    private final int tailPercent;
    private int count;
    private int beyond;
    private long sumOfSquares;
    /** The first bin that has its percent of all counts in it or before it, and the counts before it. */
    private int headBin;

    private int beforeHead;
    private int tailBin;
    private int beforeTail;

    IdleTimes(int bins, int headPercent, int tailPercent) {
        counts = new short[bins];
        this.headPercent = headPercent;
        this.tailPercent = tailPercent;
    }

    /** One idle time of so many whole bins, which may be beyond the range. */
    @HotPath
    void add(long bin) {
        if (bin >= counts.length) {
            beyond++;
            return;
        }
        int at = (int) bin;
        int before = counts[at] & MOST;
        if (before == MOST) {
            halve();
            before = counts[at] & MOST;
        }
        counts[at] = (short) (before + 1);
        count++;
        sumOfSquares += 2L * before + 1;
        beforeHead += at < headBin ? 1 : 0;
        beforeTail += at < tailBin ? 1 : 0;
        moveHead();
        moveTail();
    }

    @HotPath
    private void moveHead() {
        int wanted = wanted(headPercent);
        while (beforeHead >= wanted) {
            beforeHead -= counts[--headBin] & MOST;
        }
        while (beforeHead + (counts[headBin] & MOST) < wanted) {
            beforeHead += counts[headBin++] & MOST;
        }
    }

    @HotPath
    private void moveTail() {
        int wanted = wanted(tailPercent);
        while (beforeTail >= wanted) {
            beforeTail -= counts[--tailBin] & MOST;
        }
        while (beforeTail + (counts[tailBin] & MOST) < wanted) {
            beforeTail += counts[tailBin++] & MOST;
        }
    }

    /** So many counts are this percentage, at least one. */
    @HotPath
    private int wanted(int percent) {
        return (int) Math.max(1, ((long) count * percent + PERCENT - 1) / PERCENT);
    }

    /** Old ones fade where a bin is full. */
    private void halve() {
        count = 0;
        sumOfSquares = 0;
        beyond /= 2;
        headBin = 0;
        beforeHead = 0;
        tailBin = 0;
        beforeTail = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            int half = (counts[bin] & MOST) / 2;
            counts[bin] = (short) half;
            count += half;
            sumOfSquares += (long) half * half;
        }
        moveHead();
        moveTail();
    }

    /** Idle times within the range. */
    @HotPath
    int count() {
        return count;
    }

    /** Idle times beyond the range. */
    @HotPath
    int beyond() {
        return beyond;
    }

    @HotPath
    int headBin() {
        return headBin;
    }

    @HotPath
    int tailBin() {
        return tailBin;
    }

    /** Squared coefficient of variation of the bins' counts: 0 where all are alike, large where few have most. */
    @HotPath
    double squaredVariation() {
        double mean = (double) count / counts.length;
        return count == 0 ? 0 : ((double) sumOfSquares / counts.length - mean * mean) / (mean * mean);
    }
}
