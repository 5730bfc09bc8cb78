/** Tests of what the control plane remembers. */
@NullMarked
package dev.thaw.scheduler.control.state;

import org.jspecify.annotations.NullMarked;
