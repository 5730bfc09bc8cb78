package dev.thaw.results;

import org.HdrHistogram.Histogram;

/**
 * Figures that stay complete whatever happens to the disk: counts, latency, service time and lateness of the whole run.
 *
 * <p>Threading: filled on the recording thread, read once that thread has stopped.
 */
final class Headline {
    final Counts counts = new Counts();
    final Histogram fromIntended = Latencies.fixed();
    final Histogram service = Latencies.fixed();
    final Histogram lateness = Latencies.fixed();
    /** Samples that found the hand-over full: they are in the figures here and nowhere else. */
    long rowsDropped;

    void add(Sample sample) {
        counts.add(sample);
        if (sample.status == SampleStatus.UNSENT) {
            return;
        }
        Latencies.record(lateness, sample.latenessNs());
        if (sample.wasExecuted()) {
            Latencies.record(fromIntended, sample.fromIntendedNs());
            Latencies.record(service, sample.serviceNs());
        }
    }
}
