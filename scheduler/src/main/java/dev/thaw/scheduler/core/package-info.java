/**
 * The pure scheduler: decisions only. No clock, no thread, no I/O; time is an argument and commands leave through ports.
 */
@NullMarked
package dev.thaw.scheduler.core;

import org.jspecify.annotations.NullMarked;
