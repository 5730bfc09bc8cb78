/**
 * What the control plane remembers: documents by kind and key, in memory and in one SQLite file, changed together in
 * transactions. Knows nothing of operations.
 */
@NullMarked
package dev.thaw.scheduler.control.state;

import org.jspecify.annotations.NullMarked;
