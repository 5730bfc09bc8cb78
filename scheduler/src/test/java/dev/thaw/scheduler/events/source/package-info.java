/** Tests of event sources. */
@NullMarked
package dev.thaw.scheduler.events.source;

import org.jspecify.annotations.NullMarked;
