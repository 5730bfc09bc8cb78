package dev.thaw.loadgen.trace;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * A function known by its invocations per minute. What happens inside a minute depends on the seed, the function and
 * the minute alone, so that every walk is the same and no other function matters.
 */
final class MinuteFunction {
    static final long MINUTE_NS = 60_000_000_000L;

    private final TraceFunction function;
    private final long stream;
    private final int[] countPerMinute;
    private final Quantiles durationUs;

    /**
     * @param countPerMinute kept exactly
     * @param durationUs of its invocations
     */
    MinuteFunction(TraceFunction function, int[] countPerMinute, Quantiles durationUs) {
        this.function = function;
        // The name is the same in every run, and apart in every trace: a stream of its own.
        this.stream = Seeds.of(function.name());
        this.countPerMinute = countPerMinute;
        this.durationUs = durationUs;
    }

    TraceFunction function() {
        return function;
    }

    int count(int minute) {
        return countPerMinute[minute];
    }

    /**
     * Draws one minute's offsets (ns since its start, in no order) and durations into the arrays from {@code at} on.
     *
     * @return where the next function's begin
     */
    int draw(int minute, TraceOptions options, TraceNotes notes, long[] offsetsNs, int[] durationsUs, int at) {
        int count = countPerMinute[minute];
        if (count == 0) {
            return at;
        }
        UniformRandomProvider random = Seeds.smallRandom(Seeds.mix(options.seed(), stream), minute);
        double stepNs = (double) MINUTE_NS / count;
        double phase = random.nextDouble();
        for (int i = 0; i < count; i++) {
            double offsetNs = options.equidistant() ? (i + phase) * stepNs : random.nextDouble() * MINUTE_NS;
            offsetsNs[at + i] = Math.min((long) offsetNs, MINUTE_NS - 1);
            durationsUs[at + i] = notes.durationUs(durationUs.value(random.nextDouble()));
        }
        return at + count;
    }
}
