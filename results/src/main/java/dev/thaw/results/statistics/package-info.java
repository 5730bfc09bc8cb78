/**
 * What a comparison may conclude: pure functions of numbers, deterministic by seed. Nothing here reads a file, a clock
 * or a bundle.
 *
 * <p>The data of both sides come in <em>units</em>: stretches of a run's time, whole runs, a benchmark's iterations.
 * Units are what is drawn again and what is exchanged, never single invocations, whose neighbours are not independent
 * of them. A {@link dev.thaw.results.statistics.Measure} is a figure of weighted units.
 *
 * <p>Threading: values and pure functions; an object that draws belongs to one thread.
 */
@NullMarked
package dev.thaw.results.statistics;

import org.jspecify.annotations.NullMarked;
