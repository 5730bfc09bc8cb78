package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.HotPath;
import java.util.Arrays;

/**
 * How long a function was idle between invocations, as counts of bins of equal width up to a range. Two percentiles move with
 * the counts: adding one costs O(1) on average, reading them nothing. Takes a byte for each bin up to the last one that
 * counted anything, and another up to the last one that counted more than a byte holds: functions that are idle for long are
 * many and seldom invoked, busy ones are idle for a few bins at most.
 */
final class IdleTimes {
    private static final int MOST = 0xFFFF;
    private static final int BYTE = 0xFF;
    private static final int PERCENT = 100;
    private static final int FIRST_CAPACITY = 8;
    private static final byte[] NONE = new byte[0];

    private final int bins;
    private byte[] low = NONE;
    private byte[] high = NONE;
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
        this.bins = bins;
        this.headPercent = headPercent;
        this.tailPercent = tailPercent;
    }

    /** One idle time of so many whole bins, which may be beyond the range. */
    @HotPath
    void add(long bin) {
        if (bin >= bins) {
            beyond++;
            return;
        }
        int at = (int) bin;
        int before = countOf(at);
        if (before == MOST) {
            halve();
            before = countOf(at);
        }
        if (at >= low.length || (before >= BYTE && at >= high.length)) {
            slowGrow(at, before + 1);
        }
        put(at, before + 1);
        count++;
        sumOfSquares += 2L * before + 1;
        beforeHead += at < headBin ? 1 : 0;
        beforeTail += at < tailBin ? 1 : 0;
        moveHead();
        moveTail();
    }

    @HotPath
    private int countOf(int bin) {
        int lower = bin < low.length ? low[bin] & BYTE : 0;
        return bin < high.length ? lower | ((high[bin] & BYTE) << Byte.SIZE) : lower;
    }

    /** Where the count has its place. */
    @HotPath
    private void put(int bin, int value) {
        low[bin] = (byte) value;
        if (bin < high.length) {
            high[bin] = (byte) (value >> Byte.SIZE);
        }
    }

    private void slowGrow(int bin, int value) {
        low = grown(low, bin);
        if (value > BYTE) {
            high = grown(high, bin);
        }
    }

    private byte[] grown(byte[] bytes, int bin) {
        return bin < bytes.length
                ? bytes
                : Arrays.copyOf(bytes, Math.min(bins, Math.max(bin + 1, Math.max(FIRST_CAPACITY, 2 * bytes.length))));
    }

    @HotPath
    private void moveHead() {
        int wanted = wanted(headPercent);
        while (beforeHead >= wanted) {
            beforeHead -= countOf(--headBin);
        }
        while (beforeHead + countOf(headBin) < wanted) {
            beforeHead += countOf(headBin++);
        }
    }

    @HotPath
    private void moveTail() {
        int wanted = wanted(tailPercent);
        while (beforeTail >= wanted) {
            beforeTail -= countOf(--tailBin);
        }
        while (beforeTail + countOf(tailBin) < wanted) {
            beforeTail += countOf(tailBin++);
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
        for (int bin = 0; bin < low.length; bin++) {
            int half = countOf(bin) / 2;
            put(bin, half);
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
        double mean = (double) count / bins;
        return count == 0 ? 0 : ((double) sumOfSquares / bins - mean * mean) / (mean * mean);
    }
}
