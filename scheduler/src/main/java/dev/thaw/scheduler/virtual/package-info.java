/**
 * Virtual time: a next-event simulation of the very {@link dev.thaw.scheduler.core.Scheduler} that serves live. Hosts share
 * their CPU by quotas, durations and faults come from models by numbered draws, so a changed policy meets the same arrivals
 * and the same durations, and the same seed gives the same results on any machine.
 *
 * <p>Threading: one thread for each simulation. Memory: some tens of bytes for each function and about 150 for each
 * environment that exists at the same time, nothing for each invocation; once warm, an invocation allocates nothing.
 */
@NullMarked
package dev.thaw.scheduler.virtual;

import org.jspecify.annotations.NullMarked;
