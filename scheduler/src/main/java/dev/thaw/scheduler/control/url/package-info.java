/** Function URLs: what is configured, as the control plane keeps it and whoever serves them reads it. */
@NullMarked
package dev.thaw.scheduler.control.url;

import org.jspecify.annotations.NullMarked;
