package dev.thaw.scheduler.events.source;

/**
 * How long items of a stream are tried.
 *
 * @param maxRetries after the first attempt; -1: as long as it takes
 * @param maxAgeMs of an item; -1: any
 * @param bisects a batch whose function fails is tried again in two halves
 * @param reportsItems the function may tell which item failed
 */
record StreamLimits(int maxRetries, long maxAgeMs, boolean bisects, boolean reportsItems) {}
