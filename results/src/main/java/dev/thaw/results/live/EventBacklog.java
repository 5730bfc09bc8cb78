package dev.thaw.results.live;

/**
 * Asynchronous events that a server has accepted and that have not ended, deliveries to their targets apart.
 *
 * @param waiting for their function, or for their next attempt
 * @param underWay being invoked
 * @param deliveries messages that targets are owed
 * @param oldestMs how long ago the oldest of those that wait was accepted; negative where none waits
 */
public record EventBacklog(int waiting, int underWay, int deliveries, long oldestMs) {}
