package dev.thaw.loadgen.trace;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Walks over arrivals known by numbers for each step: holds one step at a time, 16 bytes an arrival. What happens inside a
 * step depends on the seed, the function and the step alone, so that every walk is the same and no other function matters.
 */
final class StepCursor implements ArrivalCursor {
    /** Bits for the place among one step's arrivals; offsets inside a minute need 36. */
    private static final int PLACE_BITS = 27;
    /** Most arrivals in one step. */
    static final int MAX_PER_STEP = 1 << PLACE_BITS;

    private static final long PLACE_MASK = MAX_PER_STEP - 1L;

    private final StepSource steps;
    private final long[] streams;
    private final int[] dense;
    private final TraceOptions options;
    private final TraceNotes notes = new TraceNotes();
    private long[] order = new long[0];
    private int[] durationsUs = new int[0];
    private int[] functions = new int[0];
    private int count;
    private int at = -1;
    private boolean ended;

    /**
     * Before the first arrival.
     *
     * @param streams of random numbers, one for each of the source's functions
     * @param dense index of each of the source's functions among the trace's
     */
    StepCursor(StepSource steps, long[] streams, int[] dense, TraceOptions options) {
        this.steps = steps;
        this.streams = streams;
        this.dense = dense;
        this.options = options;
    }

    /** Draws one function's arrivals in one step: offsets since the step's start, in no order, and durations. */
    static void draw(
            long stream,
            long step,
            long stepNs,
            int count,
            Quantiles durationUs,
            TraceOptions options,
            TraceNotes notes,
            long[] offsetsNs,
            int[] durationsUs,
            int from) {
        UniformRandomProvider random = Seeds.smallRandom(Seeds.mix(options.seed(), stream), step);
        options.arrivals().draw(random, stepNs, offsetsNs, from, count);
        for (int i = 0; i < count; i++) {
            durationsUs[from + i] = notes.durationUs(durationUs.value(random.nextDouble()));
        }
    }

    @Override
    public boolean next() {
        at++;
        while (at >= count && !ended) {
            ended = !steps.next() || steps.startNs() >= options.windowNs();
            count = 0;
            at = 0;
            if (!ended) {
                fill();
            }
        }
        return at < count && traceNs() < options.windowNs();
    }

    private void fill() {
        reserve();
        long step = steps.startNs() / steps.stepNs();
        for (int place = 0; place < steps.size(); place++) {
            int function = steps.function(place);
            int more = steps.count(place);
            draw(
                    streams[function],
                    step,
                    steps.stepNs(),
                    more,
                    steps.durationUs(place),
                    options,
                    notes,
                    order,
                    durationsUs,
                    count);
            Arrays.fill(functions, count, count + more, dense[function]);
            count += more;
        }
        for (int place = 0; place < count; place++) {
            order[place] = order[place] << PLACE_BITS | place;
        }
        Arrays.sort(order, 0, count);
    }

    private void reserve() {
        long size = 0;
        for (int place = 0; place < steps.size(); place++) {
            size += steps.count(place);
        }
        if (size > MAX_PER_STEP) {
            throw new TraceException("step at " + steps.startNs() / 1_000_000_000L + " s: invocations: '" + size
                    + "', must be at most " + MAX_PER_STEP + " in all");
        }
        if (size > order.length) {
            int room = (int) Math.min(MAX_PER_STEP, size + size / 4);
            order = new long[room];
            durationsUs = new int[room];
            functions = new int[room];
        }
    }

    private int place() {
        return (int) (order[at] & PLACE_MASK);
    }

    private long traceNs() {
        return steps.startNs() + (order[at] >>> PLACE_BITS);
    }

    @Override
    public long startNs() {
        return options.runNs(traceNs());
    }

    @Override
    public int function() {
        return functions[place()];
    }

    @Override
    public int durationUs() {
        return durationsUs[place()];
    }
}
