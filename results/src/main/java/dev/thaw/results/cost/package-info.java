/**
 * What a run costs by list prices: what it executed, and provisioned concurrency, by the second that it is there. Knows
 * numbers and names alone.
 *
 * <p>Threading: immutable.
 */
@NullMarked
package dev.thaw.results.cost;

import org.jspecify.annotations.NullMarked;
