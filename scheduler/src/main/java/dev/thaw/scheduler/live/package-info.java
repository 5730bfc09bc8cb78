/**
 * Drives the pure scheduler in real time: one thread, one bounded inbox.
 */
@NullMarked
package dev.thaw.scheduler.live;

import org.jspecify.annotations.NullMarked;
