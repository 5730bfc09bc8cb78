package dev.thaw.results.live;

import dev.thaw.results.Latencies;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The last minute of a server: the fewest of its latest intervals that cover 60 s, or all since recording began. Each
 * interval's histograms are added as it comes, kept in HdrHistogram's compact encoding, and subtracted as it leaves: so
 * the minute's percentiles are exactly those of all of its values in one histogram.
 *
 * <p>Threading: one thread.
 */
public final class LastMinute {
    static final long WINDOW_NS = 60_000_000_000L;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private @Nullable LiveReading first;
    private @Nullable LiveReading last;
    private @Nullable ByteBuffer scratch;

    final Histogram answers = Latencies.fixed();
    final Histogram functions = Latencies.fixed();
    long coldTriggers;
    long coldVictims;
    long suppressedInits;

    /** One interval: when it began and what the server had counted by then. */
    private record Step(
            long fromNs,
            ServerTotals before,
            ByteBuffer answers,
            ByteBuffer functions,
            long coldTriggers,
            long coldVictims,
            long suppressedInits) {}

    /** The next reading; the first one of all only begins. Its interval may be used again afterwards. */
    public void add(LiveReading reading) {
        LiveReading previous = last;
        last = reading;
        EndedInterval ended = reading.ended();
        if (previous == null || ended == null) {
            first = reading;
            return;
        }
        answers.add(ended.answers);
        functions.add(ended.functions);
        coldTriggers += ended.coldTriggers;
        coldVictims += ended.coldVictims;
        suppressedInits += ended.suppressedInits;
        steps.addLast(new Step(
                previous.atNs(),
                previous.totals(),
                packed(ended.answers),
                packed(ended.functions),
                ended.coldTriggers,
                ended.coldVictims,
                ended.suppressedInits));
        dropBefore(reading.atNs() - WINDOW_NS);
    }

    /** Intervals that are in it. */
    int steps() {
        return steps.size();
    }

    /** When the oldest interval began. */
    long fromNs() {
        Step oldest = steps.peekFirst();
        return oldest == null ? begunNs() : oldest.fromNs;
    }

    /** When the latest interval began. */
    long lastStepFromNs() {
        Step latest = steps.peekLast();
        return latest == null ? begunNs() : latest.fromNs;
    }

    /** When recording began. */
    long begunNs() {
        return first == null ? 0 : first.atNs();
    }

    /** What was counted in the minute, up to {@code now}. */
    ServerTotals counted(ServerTotals now) {
        Step oldest = steps.peekFirst();
        return now.minus(oldest == null ? now : oldest.before);
    }

    /** What was counted in the latest interval. */
    ServerTotals countedLast(ServerTotals now) {
        Step latest = steps.peekLast();
        return now.minus(latest == null ? now : latest.before);
    }

    /** An interval leaves once those behind it cover the minute without it. */
    private void dropBefore(long fromNs) {
        Step oldest = steps.removeFirst();
        for (Step next = steps.peekFirst(); next != null && next.fromNs - fromNs <= 0; next = steps.peekFirst()) {
            subtract(oldest);
            oldest = steps.removeFirst();
        }
        steps.addFirst(oldest);
    }

    private void subtract(Step step) {
        subtract(answers, step.answers);
        subtract(functions, step.functions);
        coldTriggers -= step.coldTriggers;
        coldVictims -= step.coldVictims;
        suppressedInits -= step.suppressedInits;
    }

    private ByteBuffer packed(Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return NOTHING;
        }
        ByteBuffer buffer = scratch;
        if (buffer == null) {
            buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
            scratch = buffer;
        }
        buffer.clear();
        return ByteBuffer.wrap(Arrays.copyOf(buffer.array(), histogram.encodeIntoByteBuffer(buffer)));
    }

    private static void subtract(Histogram from, ByteBuffer packed) {
        if (packed.hasRemaining()) {
            from.subtract(Histogram.decodeFromByteBuffer(packed, 0));
        }
    }
}
