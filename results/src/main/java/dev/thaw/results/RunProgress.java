package dev.thaw.results;

/**
 * A running run's figures, for a progress line. Latency counts from the intended start and covers the last second or so;
 * -1 where that held too few for the percentile.
 */
public record RunProgress(long sent, long completed, long errors, double ratePerSec, long p50Us, long p99Us) {}
