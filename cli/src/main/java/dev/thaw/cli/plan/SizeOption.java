package dev.thaw.cli.plan;

import dev.thaw.results.PlanFigure;
import java.util.List;

/**
 * What a function does with a memory size.
 *
 * @param latencyMs at the percentile that is asked for
 * @param served invocations
 * @param draws the same of each draw of the trace's windows
 * @param tails latencies at other percentiles, which nobody chooses by
 */
record SizeOption(int memoryMib, double latencyMs, double usd, long served, Draws draws, List<Tail> tails) {
    SizeOption {
        tails = List.copyOf(tails);
    }

    /**
     * A latency and what it is in each draw.
     *
     * @param drawnMs empty where there are too few data for an interval
     */
    @SuppressWarnings("ArrayRecordComponent") // a table of numbers that nobody compares
    record Tail(PlanFigure figure, double ms, double[] drawnMs) {}

    /**
     * Draw by draw; not a number where the drawn windows have none of its invocations.
     *
     * @param windows that have any
     * @param latencyMs empty, as is {@code usd}, where there are too few data for an interval
     */
    @SuppressWarnings("ArrayRecordComponent") // tables of numbers that nobody compares
    record Draws(int windows, double[] latencyMs, double[] usd) {
        boolean isEmpty() {
            return latencyMs.length == 0;
        }
    }
}
