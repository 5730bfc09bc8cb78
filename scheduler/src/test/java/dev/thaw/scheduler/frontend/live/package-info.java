/** Tests of the live page's events. */
@NullMarked
package dev.thaw.scheduler.frontend.live;

import org.jspecify.annotations.NullMarked;
