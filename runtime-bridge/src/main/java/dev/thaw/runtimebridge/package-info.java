/**
 * The Runtime and Extensions APIs of each sandbox, and the scheduler port that drives real sandboxes.
 */
@NullMarked
package dev.thaw.runtimebridge;

import org.jspecify.annotations.NullMarked;
