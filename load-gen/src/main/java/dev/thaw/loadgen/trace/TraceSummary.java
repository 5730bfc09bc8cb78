package dev.thaw.loadgen.trace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is replayed of a trace, for manifests.
 *
 * @param format how it was read
 * @param source its file
 * @param functions that are invoked in the window
 * @param invocations planned starts
 * @param durationNs how long the plan lasts, after speed-up
 * @param zeroDurations invocations that take no time in the trace; kept
 * @param brokenRows left out as asked
 * @param notes one line for each thing that is not as in the trace: clamps, defaults, what was left out
 */
public record TraceSummary(
        TraceFormat format,
        String source,
        int functions,
        long invocations,
        long durationNs,
        long zeroDurations,
        long brokenRows,
        List<String> notes) {
    public TraceSummary {
        notes = List.copyOf(notes);
    }

    public double zeroDurationPercent() {
        return invocations == 0 ? 0 : 100.0 * zeroDurations / invocations;
    }

    /** For {@link Trace#asConfiguration}. */
    Map<String, String> asConfiguration() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("trace", source);
        map.put("trace.format", format.key());
        map.put("trace.functions", Integer.toString(functions));
        map.put("trace.invocations", Long.toString(invocations));
        map.put("trace.durationSec", String.format(Locale.ROOT, "%.3f", durationNs / 1e9));
        map.put("trace.zeroDurationPercent", String.format(Locale.ROOT, "%.2f", zeroDurationPercent()));
        map.put("trace.brokenRows", Long.toString(brokenRows));
        map.put("trace.notes", String.join("; ", notes));
        return map;
    }
}
