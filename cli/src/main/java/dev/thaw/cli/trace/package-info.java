/**
 * {@code thaw trace}: what a trace is like, and others made of it. Knows the traces of load-gen, and no server.
 */
@NullMarked
package dev.thaw.cli.trace;

import org.jspecify.annotations.NullMarked;
