package dev.thaw.results.tails;

/**
 * An invocation whose slowness is to be explained. Times in ns since the run's start.
 *
 * @param times all but total and lateness are 0 where the server told nothing
 * @param victim it waited behind an init that another invocation caused
 */
public record SlowInvocation(long intendedNs, long sentNs, long doneNs, Times times, boolean victim) {}
