package dev.thaw.results;

import java.util.Arrays;

/**
 * Counts by second of the run, or by bins of as many seconds as a long simulation needs: each event in the bin in which it
 * happened. Starts that were planned count at their intended start, answers at their end.
 *
 * <p>Threading: one thread.
 */
final class Seconds {
    /** A column of {@code seconds.csv}. */
    enum Column {
        PLANNED("planned"),
        SENT("sent"),
        COMPLETED("completed"),
        FAILED("failed"),
        THROTTLED("throttled"),
        LOST("lost"),
        COLD_TRIGGERS("cold_triggers"),
        COLD_VICTIMS("cold_victims"),
        SUPPRESSED_INITS("suppressed_inits");

        static final Column[] ALL = values();

        final String key;

        Column(String key) {
            this.key = key;
        }
    }

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int FIRST_CAPACITY = 1024;
    /** A day and a little: what lies beyond counts in the last second. */
    private static final int MAX_SECONDS = 100_000;

    private final long widthNs;
    private final long[][] counts = new long[Column.ALL.length][FIRST_CAPACITY];
    private int seconds;

    /** One bin for each second. */
    Seconds() {
        this(SECOND_NS);
    }

    Seconds(long widthNs) {
        this.widthNs = widthNs;
    }

    /** Seconds in a bin. */
    long width() {
        return widthNs / SECOND_NS;
    }

    void add(Sample sample) {
        count(Column.PLANNED, sample.intendedStartNs);
        if (sample.status == SampleStatus.UNSENT) {
            return;
        }
        count(Column.SENT, sample.sentNs);
        if (sample.status == SampleStatus.LOST) {
            count(Column.LOST, sample.sentNs);
            return;
        }
        count(Column.COMPLETED, sample.doneNs);
        if (sample.status == SampleStatus.THROTTLED) {
            count(Column.THROTTLED, sample.doneNs);
        } else if (sample.status != SampleStatus.OK) {
            count(Column.FAILED, sample.doneNs);
        }
        if (sample.serverKnown) {
            addStart(sample);
        }
    }

    private void addStart(Sample sample) {
        switch (StartKind.of(sample.server)) {
            case COLD -> count(Column.COLD_TRIGGERS, sample.doneNs);
            case VICTIM -> count(Column.COLD_VICTIMS, sample.doneNs);
            case SUPPRESSED -> count(Column.SUPPRESSED_INITS, sample.doneNs);
            case WARM -> {}
        }
    }

    private void count(Column column, long atNs) {
        int second = Math.clamp(atNs / widthNs, 0, MAX_SECONDS - 1);
        if (second >= counts[0].length) {
            int capacity = Math.max(counts[0].length * 2, second + 1);
            Arrays.setAll(counts, i -> Arrays.copyOf(counts[i], capacity));
        }
        counts[column.ordinal()][second]++;
        seconds = Math.max(seconds, second + 1);
    }

    int size() {
        return seconds;
    }

    long get(Column column, int second) {
        return counts[column.ordinal()][second];
    }
}
