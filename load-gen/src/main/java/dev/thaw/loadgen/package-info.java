/**
 * Arrivals, traces and the open-loop HTTP driver.
 */
@NullMarked
package dev.thaw.loadgen;

import org.jspecify.annotations.NullMarked;
