package dev.thaw.loadgen;

import dev.thaw.results.Sample;

/**
 * Takes every planned invocation of a load once, when it is over. The carrier is reused: copy what is kept.
 *
 * <p>Threading: called on the load's thread.
 */
@FunctionalInterface
public interface SampleSink {
    void accept(Sample sample);
}
