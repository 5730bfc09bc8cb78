/**
 * The HTTP face: Invoke API and the emulator endpoint, on Netty.
 */
@NullMarked
package dev.thaw.scheduler.frontend;

import org.jspecify.annotations.NullMarked;
