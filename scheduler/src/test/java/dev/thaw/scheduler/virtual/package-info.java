/** Tests of virtual time: against formulas, against a plain model written from the contract, and by hand. */
@NullMarked
package dev.thaw.scheduler.virtual;

import org.jspecify.annotations.NullMarked;
