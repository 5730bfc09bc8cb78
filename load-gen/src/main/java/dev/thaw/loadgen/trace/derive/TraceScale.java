package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.Seeds;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Makes a trace of more or fewer invocations, or one that lasts longer or shorter; durations stay.
 *
 * <p>Fewer: each invocation stays by a chance of its own, so that less of a trace is a part of more of it. More: whole
 * copies keep a function's count in each minute times the factor, each turned inside its minute by a phase of its own, so
 * that distances stay as they are and copies do not fall together; the rest is drawn as for fewer.
 */
public final class TraceScale {
    private static final double MIN_FACTOR = 1e-6;
    private static final double MAX_FACTOR = 1_000;

    private TraceScale() {}

    /**
     * The trace scaled.
     *
     * @param rate factor of the number of invocations
     * @param time factor of how long it lasts: starts are multiplied by it
     */
    public static Trace of(Trace trace, double rate, double time, long seed) {
        check(rate, time);
        return DerivedTrace.of(
                trace,
                () -> {
                    ArrivalCursor scaled =
                            rate == 1 ? trace.arrivals() : new RateCursor(trace, rate, seed, streams(trace));
                    return time == 1 ? scaled : new TimeCursor(scaled, time);
                },
                String.format(Locale.ROOT, "scaled: rate x %s, time x %s, seed %d", rate, time, seed),
                (long) (trace.summary().durationNs() * time));
    }

    /** Refuses factors that are out of bounds. */
    public static void check(double rate, double time) {
        require("rate", rate);
        require("time", time);
    }

    private static void require(String name, double factor) {
        if (!(factor >= MIN_FACTOR && factor <= MAX_FACTOR)) {
            throw new TraceException(name + ": '" + factor + "', must be 0.000001..1000");
        }
    }

    private static long[] streams(Trace trace) {
        return trace.functions().stream()
                .mapToLong(function -> Seeds.of(function.name()))
                .toArray();
    }

    /** Starts are multiplied. */
    private static final class TimeCursor implements ArrivalCursor {
        private final ArrivalCursor from;
        private final double factor;

        TimeCursor(ArrivalCursor from, double factor) {
            this.from = from;
            this.factor = factor;
        }

        @Override
        public boolean next() {
            return from.next();
        }

        @Override
        public long startNs() {
            return (long) (from.startNs() * factor);
        }

        @Override
        public int function() {
            return from.function();
        }

        @Override
        public int durationUs() {
            return from.durationUs();
        }
    }

    /** Invocations are kept, dropped and copied: holds one minute at a time. */
    private static final class RateCursor implements ArrivalCursor {
        private final ArrivalCursor from;
        private final long durationNs;
        private final double rate;
        private final long seed;
        private final long[] streams;
        private final long[] ordinals;
        private final MinuteBuffer buffer = new MinuteBuffer();
        private boolean pending;
        private long minute = -1;
        /** The last one ends with the trace. */
        private long lengthNs;

        RateCursor(Trace trace, double rate, long seed, long[] streams) {
            from = trace.arrivals();
            durationNs = trace.summary().durationNs();
            this.rate = rate;
            this.seed = seed;
            this.streams = streams;
            ordinals = new long[streams.length];
            pending = from.next();
        }

        @Override
        public boolean next() {
            while (!buffer.next()) {
                if (!pending) {
                    return false;
                }
                fill();
            }
            return true;
        }

        private void fill() {
            minute = from.startNs() / Trace.MINUTE_NS;
            lengthNs = Math.clamp(durationNs - minute * Trace.MINUTE_NS, 1, Trace.MINUTE_NS);
            buffer.clear(minute * Trace.MINUTE_NS);
            while (pending && from.startNs() / Trace.MINUTE_NS == minute) {
                take(from.function(), from.startNs() % Trace.MINUTE_NS, from.durationUs());
                pending = from.next();
            }
            buffer.sort();
        }

        private void take(int function, long offsetNs, int durationUs) {
            long draw = Seeds.mix(Seeds.mix(seed, streams[function]), ordinals[function]++);
            int copies = (int) rate + ((draw >>> 11) * 0x1p-53 < rate - (int) rate ? 1 : 0);
            for (int copy = 0; copy < copies; copy++) {
                buffer.add(turned(offsetNs, function, copy), function, durationUs);
            }
        }

        /** The first copy is the invocation itself. */
        private long turned(long offsetNs, int function, int copy) {
            if (copy == 0) {
                return offsetNs;
            }
            long phaseNs = Math.floorMod(Seeds.mix(Seeds.mix(seed, streams[function] + copy), minute), lengthNs);
            return (offsetNs + phaseNs) % lengthNs;
        }

        @Override
        public long startNs() {
            return buffer.startNs();
        }

        @Override
        public int function() {
            return buffer.function();
        }

        @Override
        public int durationUs() {
            return buffer.durationUs();
        }
    }

    /** Arrivals of one minute, put in order: those that start together stay as they came. */
    private static final class MinuteBuffer {
        private static final int PLACE_BITS = 27;
        private static final long PLACE_MASK = (1L << PLACE_BITS) - 1;

        private long[] order = new long[1024];
        private int[] functions = new int[1024];
        private int[] durationsUs = new int[1024];
        private long minuteNs;
        private int size;
        private int at = -1;

        void clear(long startNs) {
            minuteNs = startNs;
            size = 0;
            at = -1;
        }

        void add(long offsetNs, int function, int durationUs) {
            if (size == order.length) {
                if (size > PLACE_MASK / 2) {
                    throw new TraceException("minute at " + minuteNs / 1_000_000_000L + " s: invocations: '" + size
                            + "', must be at most " + PLACE_MASK / 2);
                }
                order = Arrays.copyOf(order, size * 2);
                functions = Arrays.copyOf(functions, size * 2);
                durationsUs = Arrays.copyOf(durationsUs, size * 2);
            }
            order[size] = offsetNs << PLACE_BITS | size;
            functions[size] = function;
            durationsUs[size++] = durationUs;
        }

        void sort() {
            Arrays.sort(order, 0, size);
        }

        boolean next() {
            return ++at < size;
        }

        private int place() {
            return (int) (order[at] & PLACE_MASK);
        }

        long startNs() {
            return minuteNs + (order[at] >>> PLACE_BITS);
        }

        int function() {
            return functions[place()];
        }

        int durationUs() {
            return durationsUs[place()];
        }
    }
}
