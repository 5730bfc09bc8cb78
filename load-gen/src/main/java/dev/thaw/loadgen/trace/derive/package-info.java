/**
 * What is made out of traces: figures, samples, scaled ones.
 */
@NullMarked
package dev.thaw.loadgen.trace.derive;

import org.jspecify.annotations.NullMarked;
