/** Tests of the pure scheduler, and the simulated environments that they run it against. */
@NullMarked
package dev.thaw.scheduler.core;

import org.jspecify.annotations.NullMarked;
