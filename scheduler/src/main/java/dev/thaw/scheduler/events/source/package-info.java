/**
 * What makes events by itself: queues and streams that are read in batches, schedules, and folders that stand for
 * buckets (contract.md sections 6.5 and 6.6).
 *
 * <p>A mapping of a source has a thread of its own that receives and never decides by the wall clock: batching, retry
 * and schedule are pure, time is an argument. An item leaves its source once a function has taken it, or its failure
 * target has what it is owed; until then it is the source that keeps it.
 */
@NullMarked
package dev.thaw.scheduler.events.source;

import org.jspecify.annotations.NullMarked;
