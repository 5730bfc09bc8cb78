/**
 * The verbs, and the wiring of everything.
 */
@NullMarked
package dev.thaw.cli;

import org.jspecify.annotations.NullMarked;
