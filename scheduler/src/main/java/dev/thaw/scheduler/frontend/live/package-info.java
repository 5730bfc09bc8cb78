/**
 * The live page's events: who reads them ({@link dev.thaw.scheduler.frontend.live.LiveReaders}), and the thread that
 * makes one a second while anybody does ({@link dev.thaw.scheduler.frontend.live.LiveFeed}).
 *
 * <p>Threading: {@code thaw-live}, which lives while there are readers; readers are told on their own event loops.
 */
@NullMarked
package dev.thaw.scheduler.frontend.live;

import org.jspecify.annotations.NullMarked;
