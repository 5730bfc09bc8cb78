/** Tests of inbox, agent and threads. */
@NullMarked
package dev.thaw.scheduler.live;

import org.jspecify.annotations.NullMarked;
