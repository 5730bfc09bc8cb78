/**
 * Records of invocations, latency histograms, run bundles and the report. Knows nothing else of ours.
 *
 * <p>Threading: a run is recorded on its caller's thread; {@code thaw-rows} writes what that thread hands over, and
 * {@code thaw-hiccup} measures the host beside it.
 *
 * <p>Allocation: {@link dev.thaw.results.RunRecorder#record} and the codec of {@link dev.thaw.results.ServerRecord}
 * allocate nothing once warm. Rendering may allocate what it likes.
 *
 * <p>Resolution: durations are kept in ns with three significant digits. A percentile is the largest value that its
 * histogram cannot tell from the true one: at most 0.1 % above it.
 */
@NullMarked
package dev.thaw.results;

import org.jspecify.annotations.NullMarked;
