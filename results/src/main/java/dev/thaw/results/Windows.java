package dev.thaw.results;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The run in about ten equal windows by intended start, to see whether its figures hold from beginning to end.
 *
 * <p>Threading: one thread.
 */
final class Windows {
    private static final int COUNT = 10;
    private static final long SECOND_NS = 1_000_000_000L;

    final long widthNs;
    private final List<Histogram> latencies = new ArrayList<>();

    Windows(long durationNs) {
        long seconds = Math.ceilDiv(Math.ceilDiv(Math.max(durationNs, 1), COUNT), SECOND_NS);
        widthNs = seconds * SECOND_NS;
    }

    void add(Sample sample) {
        if (!sample.wasExecuted()) {
            return;
        }
        // What starts after the plan's end belongs to its last window.
        int window = Math.clamp(sample.intendedStartNs / widthNs, 0, COUNT - 1);
        while (latencies.size() <= window) {
            latencies.add(Latencies.growing());
        }
        Latencies.record(latencies.get(window), sample.fromIntendedNs());
    }

    List<Histogram> latencies() {
        return latencies;
    }
}
