/**
 * Variants in turns: what each is ({@link dev.thaw.cli.evidence.ab.VariantPlan}), how one of its runs is made by processes
 * of its own ({@link dev.thaw.cli.evidence.ab.VariantRuns}), and in which order and for how long
 * ({@link dev.thaw.cli.evidence.ab.Alternation}).
 *
 * <p>Threading: one thread, but for {@link dev.thaw.cli.evidence.ab.Children}.
 */
@NullMarked
package dev.thaw.cli.evidence.ab;

import org.jspecify.annotations.NullMarked;
