package dev.thaw.loadgen.trace.derive;

import dev.thaw.loadgen.trace.ArrivalCursor;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFunction;
import dev.thaw.loadgen.trace.TraceSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes traces out of others. */
final class DerivedTrace {
    private DerivedTrace() {}

    /**
     * The trace of those functions that are still invoked. Walks over the arrivals once, to know them.
     *
     * @param arrivals of the other trace's functions, or of those of them that are kept, by its indexes
     * @param note what was done
     */
    static Trace of(Trace from, Supplier<ArrivalCursor> arrivals, String note, long durationNs) {
        long[] counts = new long[from.functions().size()];
        long invocations = 0;
        long zeroDurations = 0;
        for (ArrivalCursor arrival = arrivals.get(); arrival.next(); ) {
            counts[arrival.function()]++;
            invocations++;
            zeroDurations += arrival.durationUs() == 0 ? 1 : 0;
        }
        int[] dense = new int[counts.length];
        List<TraceFunction> functions = new ArrayList<>();
        for (int i = 0; i < dense.length; i++) {
            dense[i] = functions.size();
            if (counts[i] > 0) {
                functions.add(from.functions().get(i));
            }
        }
        TraceSummary whole = from.summary();
        List<String> notes = new ArrayList<>(whole.notes());
        notes.add(note);
        TraceSummary summary = new TraceSummary(
                whole.format(),
                whole.source(),
                functions.size(),
                invocations,
                durationNs,
                zeroDurations,
                whole.brokenRows(),
                notes);
        return new Trace(functions, summary, () -> new KeptCursor(arrivals.get(), dense));
    }
}
