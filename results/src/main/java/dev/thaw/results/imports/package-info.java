/**
 * Brings measurements that others made into bundles: reference data of the real service, logs, results of other tools.
 * Each importer reads one format; what cannot be read is told in one line that names file and place.
 *
 * <p>Threading: one thread.
 */
@NullMarked
package dev.thaw.results.imports;

import org.jspecify.annotations.NullMarked;
