/** Verbs that judge runs that are there: compare them, bring in measurements of others, keep the catalogue. */
@NullMarked
package dev.thaw.cli.evidence;

import org.jspecify.annotations.NullMarked;
