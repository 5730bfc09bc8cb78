/**
 * Writes traces, in the formats that are read.
 */
@NullMarked
package dev.thaw.loadgen.trace.write;

import org.jspecify.annotations.NullMarked;
