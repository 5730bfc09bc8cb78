/**
 * The policies: how long environments stay, where invocations run, who is first in line, how fast environments may come. Each
 * is a small class that decides from what it is shown ({@link dev.thaw.scheduler.core.FleetView}), the same live and in
 * virtual time; {@link PolicyCatalogue} knows them by name.
 *
 * <p>Threading: the scheduler's. Pure: no clock, no thread, no I/O.
 */
@NullMarked
package dev.thaw.scheduler.policy;

import org.jspecify.annotations.NullMarked;
