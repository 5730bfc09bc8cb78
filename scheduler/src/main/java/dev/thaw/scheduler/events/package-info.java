/**
 * Asynchronous invocations: the durable queue of events, their retries, and what is told of their end. An event that was
 * accepted is on disk; it is removed once its function has run, or once its failure targets have what they are owed.
 *
 * <p>One thread, {@code thaw-events}, decides and writes; deliveries to targets run on threads of their own. Memory: some
 * tens of bytes for each waiting event, payloads only of those that are being accepted, invoked or delivered.
 */
@NullMarked
package dev.thaw.scheduler.events;

import org.jspecify.annotations.NullMarked;
