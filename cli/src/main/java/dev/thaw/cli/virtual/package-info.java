/**
 * What the verbs of virtual time do: models from measurement ({@link dev.thaw.cli.virtual.MeasuredModel}), what they and a
 * trace make a fleet do ({@link dev.thaw.cli.virtual.Workload}), one simulation as a function of its plan
 * ({@link dev.thaw.cli.virtual.Scenario}), sweeps and comparisons of such. Knows nothing of the command line.
 */
@NullMarked
package dev.thaw.cli.virtual;

import org.jspecify.annotations.NullMarked;
