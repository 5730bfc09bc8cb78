/**
 * What a server's live page shows: what ended in each second ({@link dev.thaw.results.live.EndedInterval}), the last
 * minute of that ({@link dev.thaw.results.live.LastMinute}), the event that says it, and the page that reads the events.
 *
 * <p>Threading: an interval is recorded on the server's scheduler thread and handed over whole; everything else is its
 * reader's.
 *
 * <p>Resolution: as all durations, ns with three significant digits.
 */
@NullMarked
package dev.thaw.results.live;

import org.jspecify.annotations.NullMarked;
