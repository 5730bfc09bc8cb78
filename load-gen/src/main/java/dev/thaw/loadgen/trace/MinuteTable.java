package dev.thaw.loadgen.trace;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of invocations by minute: 8 bytes for each function and minute in which it is invoked, nothing for others.
 *
 * <p>Threading: filled by one thread, then read by any.
 */
final class MinuteTable {
    static final long MINUTE_NS = Trace.MINUTE_NS;

    /** Of each minute: function, count, function, count and so on. */
    private final List<IntArrayList> cells = new ArrayList<>();

    private final Int2ObjectHashMap<Quantiles> durationsUs = new Int2ObjectHashMap<>();
    private final Quantiles unknownDurationUs;

    MinuteTable(int minutes, TraceOptions options) {
        for (int minute = 0; minute < minutes; minute++) {
            cells.add(new IntArrayList(0, IntArrayList.DEFAULT_NULL_VALUE));
        }
        unknownDurationUs = Quantiles.constant(options.defaultDurationUs());
    }

    int minutes() {
        return cells.size();
    }

    void add(int function, int[] countPerMinute, @Nullable Quantiles durationUs) {
        for (int minute = 0; minute < cells.size(); minute++) {
            if (countPerMinute[minute] > 0) {
                cells.get(minute).addInt(function);
                cells.get(minute).addInt(countPerMinute[minute]);
            }
        }
        if (durationUs != null) {
            durationsUs.put(function, durationUs);
        }
    }

    /** A walk over the minutes, of which the first begins at {@code firstNs}. */
    StepSource steps(long firstNs) {
        return new StepSource() {
            private int minute = -1;

            @Override
            public boolean next() {
                return ++minute < cells.size();
            }

            @Override
            public long startNs() {
                return firstNs + minute * MINUTE_NS;
            }

            @Override
            public long stepNs() {
                return MINUTE_NS;
            }

            @Override
            public int size() {
                return cells.get(minute).size() / 2;
            }

            @Override
            public int function(int place) {
                return cells.get(minute).getInt(2 * place);
            }

            @Override
            public int count(int place) {
                return cells.get(minute).getInt(2 * place + 1);
            }

            @Override
            public Quantiles durationUs(int place) {
                Quantiles known = durationsUs.get(function(place));
                return known == null ? unknownDurationUs : known;
            }
        };
    }
}
