/**
 * The Runtime API of each sandbox, and the scheduler port that drives real sandboxes.
 */
@NullMarked
package dev.thaw.runtimebridge;

import org.jspecify.annotations.NullMarked;
