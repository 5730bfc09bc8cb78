/**
 * The smallest fleet and the cheapest settings that hold objectives ({@link dev.thaw.cli.plan.FleetPlanner}): what can be
 * told without a simulation ({@link dev.thaw.cli.plan.TraceBounds}), the search ({@link dev.thaw.cli.plan.FleetSearch}),
 * intervals by drawing the trace's time again ({@link dev.thaw.cli.plan.FleetConfidence}), memory by function ({@link
 * dev.thaw.cli.plan.MemorySizing}). What decides is pure; what simulates are the scenarios of {@code cli.virtual}. Knows
 * nothing of the command line.
 */
@NullMarked
package dev.thaw.cli.plan;

import org.jspecify.annotations.NullMarked;
