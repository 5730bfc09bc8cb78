/**
 * Records of invocations, latency histograms, run bundles and the report. Knows nothing else of ours.
 */
@NullMarked
package dev.thaw.results;

import org.jspecify.annotations.NullMarked;
