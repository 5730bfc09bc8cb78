/** Tests of the management API's operations. */
@NullMarked
package dev.thaw.scheduler.control;

import org.jspecify.annotations.NullMarked;
