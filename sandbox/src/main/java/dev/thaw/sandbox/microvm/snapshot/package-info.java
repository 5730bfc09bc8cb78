/**
 * Snapshots of machines at rest, and opened: sealed by keys that never leave this process, their memory shared by all that
 * go on from one. Knows nothing of what takes them.
 */
@NullMarked
package dev.thaw.sandbox.microvm.snapshot;

import org.jspecify.annotations.NullMarked;
