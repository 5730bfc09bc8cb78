/** The management API's operations: what AWS's clients call, without HTTP. May know everything but {@code frontend}. */
@NullMarked
package dev.thaw.scheduler.control;

import org.jspecify.annotations.NullMarked;
