/**
 * Compares runs: what each side knows, unit by unit ({@link dev.thaw.results.compare.Evidence}), what that allows to
 * say of B against A ({@link dev.thaw.results.compare.Comparison}), and how it is worded for people and for scripts.
 *
 * <p>Threading: one thread; results are values.
 */
@NullMarked
package dev.thaw.results.compare;

import org.jspecify.annotations.NullMarked;
