/**
 * Arrivals: traces of other systems, read as streams, and processes that draw them. Knows nothing of how they are driven.
 *
 * <p>Threading: a trace is immutable, each walk over it belongs to one thread. Memory: what docs/traces.md says for each
 * format, never the whole trace.
 */
@NullMarked
package dev.thaw.loadgen.trace;

import org.jspecify.annotations.NullMarked;
