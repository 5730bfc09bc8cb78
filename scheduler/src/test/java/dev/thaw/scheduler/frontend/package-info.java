/** Tests of the HTTP face, over loopback. */
@NullMarked
package dev.thaw.scheduler.frontend;

import org.jspecify.annotations.NullMarked;
