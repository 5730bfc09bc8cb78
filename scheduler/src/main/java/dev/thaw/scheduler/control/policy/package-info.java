/** Resource policies of functions: who may do what with which version or alias. Pure: no state, no clock, no I/O. */
@NullMarked
package dev.thaw.scheduler.control.policy;

import org.jspecify.annotations.NullMarked;
