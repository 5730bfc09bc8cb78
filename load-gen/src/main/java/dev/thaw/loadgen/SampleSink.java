package dev.thaw.loadgen;

import dev.thaw.results.RunRecorder;
import dev.thaw.results.Sample;

/**
 * Takes every planned invocation of a load once, when it is over. The carrier is reused: copy what is kept.
 *
 * <p>Threading: called on the load's thread.
 */
@FunctionalInterface
public interface SampleSink {
    void accept(Sample sample);

    /** All recorders by one class of sink: the call is compiled once, in the warm-up, and stays so. */
    static SampleSink into(RunRecorder recorder) {
        return recorder::record;
    }
}
