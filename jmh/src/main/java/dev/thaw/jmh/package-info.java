/**
 * Microbenchmarks: the method name is the operation, a baseline stands beside each measurement. Run with
 * {@code ./thaw jmh}, which adds the allocation profiler and writes a bundle.
 */
package dev.thaw.jmh;
