/** Digests, for every module but {@code sandbox}, which knows nothing of ours and has its own. */
@NullMarked
package dev.thaw.results.digest;

import org.jspecify.annotations.NullMarked;
