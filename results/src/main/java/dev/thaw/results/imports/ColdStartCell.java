package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;

/**
 * What lambda-perf measured of one function on one day: a runtime, how it was packed, a memory size, an architecture.
 *
 * @param atSeconds the day's beginning since the epoch, or {@link ImportedBundle#NO_TIME}
 * @param initsMs measured inits, each above zero
 * @param durationMs mean of the first invocations; 0 where it was not measured
 * @param memoryUsedMb mean of the most that was used; 0 where it was not measured
 */
@SuppressWarnings("ArrayRecordComponent") // a table of numbers that nobody compares
public record ColdStartCell(
        double atSeconds,
        String runtime,
        String packaging,
        int memoryMb,
        String architecture,
        double[] initsMs,
        double durationMs,
        double memoryUsedMb) {}
