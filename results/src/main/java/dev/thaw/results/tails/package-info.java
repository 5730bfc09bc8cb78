/** Why slow invocations were slow: exactly one cause each, by rules that docs/results.md states. Pure. */
@NullMarked
package dev.thaw.results.tails;

import org.jspecify.annotations.NullMarked;
