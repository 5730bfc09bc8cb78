/**
 * Execution environments on this host: isolated processes with a CPU share and a memory limit. Knows nothing else of ours.
 */
@NullMarked
package dev.thaw.sandbox;

import org.jspecify.annotations.NullMarked;
