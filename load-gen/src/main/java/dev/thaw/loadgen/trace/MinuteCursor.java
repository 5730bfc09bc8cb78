package dev.thaw.loadgen.trace;

import java.util.Arrays;
import java.util.List;

/** Walks over arrivals known by counts per minute: holds one minute at a time. */
final class MinuteCursor implements ArrivalCursor {
    /** Bits for the place among one minute's arrivals; offsets inside a minute need 36. */
    private static final int PLACE_BITS = 27;
    /** Most arrivals in one minute. */
    static final int MAX_PER_MINUTE = 1 << PLACE_BITS;

    private static final long PLACE_MASK = MAX_PER_MINUTE - 1L;

    private final List<MinuteFunction> functions;
    private final int minutes;
    private final TraceOptions options;
    private final TraceNotes notes;
    private long[] order = new long[0];
    private int[] durationsUs = new int[0];
    private int[] indexes = new int[0];
    private int count;
    private int minute = -1;
    private int at = -1;

    MinuteCursor(List<MinuteFunction> functions, int minutes, TraceOptions options, TraceNotes notes) {
        this.functions = functions;
        this.minutes = minutes;
        this.options = options;
        this.notes = notes;
    }

    @Override
    public boolean next() {
        at++;
        while (at >= count && minute + 1 < minutes) {
            fill(++minute);
            at = 0;
        }
        return at < count && traceNs() < options.windowNs();
    }

    private void fill(int newMinute) {
        reserve(newMinute);
        count = 0;
        for (int index = 0; index < functions.size(); index++) {
            int from = count;
            count = functions.get(index).draw(newMinute, options, notes, order, durationsUs, count);
            Arrays.fill(indexes, from, count, index);
        }
        for (int place = 0; place < count; place++) {
            order[place] = order[place] << PLACE_BITS | place;
        }
        Arrays.sort(order, 0, count);
    }

    private void reserve(int newMinute) {
        long size = 0;
        for (MinuteFunction function : functions) {
            size += function.count(newMinute);
        }
        if (size > MAX_PER_MINUTE) {
            throw new TraceException("minute " + (newMinute + 1) + ": invocations: '" + size + "', must be at most "
                    + MAX_PER_MINUTE + " in all");
        }
        if (size > order.length) {
            order = new long[(int) size];
            durationsUs = new int[(int) size];
            indexes = new int[(int) size];
        }
    }

    private int place() {
        return (int) (order[at] & PLACE_MASK);
    }

    private long traceNs() {
        return minute * MinuteFunction.MINUTE_NS + (order[at] >>> PLACE_BITS);
    }

    @Override
    public long startNs() {
        return options.runNs(traceNs());
    }

    @Override
    public int function() {
        return indexes[place()];
    }

    @Override
    public int durationUs() {
        return durationsUs[place()];
    }
}
