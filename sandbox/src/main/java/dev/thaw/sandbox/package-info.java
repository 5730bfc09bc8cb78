/**
 * Execution environments on this host: isolated code with a CPU share and a memory limit. This package is what owners of
 * sandboxes see, whatever holds them in; the backends lie below it. Knows nothing else of ours.
 */
@NullMarked
package dev.thaw.sandbox;

import org.jspecify.annotations.NullMarked;
