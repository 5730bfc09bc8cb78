package dev.thaw.loadgen.trace;

import dev.thaw.scheduler.virtual.ArrivalSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A trace ready to be replayed: functions that are invoked in its window, and any number of walks over its arrivals,
 * each the same.
 *
 * <p>Threading: immutable; each cursor belongs to one thread.
 */
public final class Trace {
    public static final long MINUTE_NS = 60_000_000_000L;

    private final List<TraceFunction> functions;
    private final TraceSummary summary;
    private final Supplier<ArrivalCursor> arrivals;
    private final SortedMap<Path, Long> rowsByFile;

    /** Functions by index, and a new walk over their arrivals each time that one is asked for. */
    public Trace(List<TraceFunction> functions, TraceSummary summary, Supplier<ArrivalCursor> arrivals) {
        this(functions, summary, arrivals, new TreeMap<>());
    }

    private Trace(
            List<TraceFunction> functions,
            TraceSummary summary,
            Supplier<ArrivalCursor> arrivals,
            SortedMap<Path, Long> rowsByFile) {
        this.rowsByFile = Collections.unmodifiableSortedMap(rowsByFile);
        this.functions = List.copyOf(functions);
        this.summary = summary;
        this.arrivals = arrivals;
    }

    /**
     * Reads a trace's file, or its folder where the format is one of several files.
     *
     * @throws TraceException in one line that names file, row, column, value and bound
     */
    public static Trace open(Path path, TraceFormat format, TraceOptions options) {
        return open(path, format, options, new TraceProgress());
    }

    /** As {@link #open(Path, TraceFormat, TraceOptions)}, counting what is read, then and in every walk. */
    public static Trace open(Path path, TraceFormat format, TraceOptions options, TraceProgress progress) {
        Trace trace = new TraceReader(options, progress).open(path, format);
        if (trace.summary.invocations() == 0) {
            throw new TraceException(
                    path + ": invocations: '0'" + part(options, trace.summary) + ", must be 1 or more");
        }
        return new Trace(trace.functions, trace.summary, trace.arrivals, progress.rowsByFile());
    }

    private static String part(TraceOptions options, TraceSummary summary) {
        long brokenRows = summary.brokenRows();
        return (options.windowNs() == Long.MAX_VALUE ? "" : " in the first " + options.windowNs() / 1e9 + " s")
                + (brokenRows == 0 ? "" : " without " + brokenRows + " broken rows");
    }

    public List<TraceFunction> functions() {
        return functions;
    }

    public TraceSummary summary() {
        return summary;
    }

    /**
     * SHA-256 of all its files as they are now, which tells one trace from another of the same name: of one file its own, of
     * several that of theirs in the order of their paths. Reads them once more. Empty where none can be read again.
     */
    public String contents() {
        return FileContents.sha256(List.copyOf(rowsByFile.keySet()));
    }

    /**
     * Data rows of each file that was read for it, broken ones and those that nobody uses too, headers and blank lines not;
     * of JSON its entries. Empty where it was not read from files.
     */
    public SortedMap<Path, Long> rowsByFile() {
        return rowsByFile;
    }

    /** For a run's configuration: what is replayed of it, and its {@link #contents} where they can be told. */
    public Map<String, String> asConfiguration() {
        Map<String, String> map = summary.asConfiguration();
        String contents = contents();
        if (!contents.isEmpty()) {
            map.put("trace.sha256", contents);
        }
        return map;
    }

    /** A new walk over the arrivals, from the first. */
    public ArrivalCursor arrivals() {
        return arrivals.get();
    }

    /** A new walk over the arrivals for a simulation; function ids are indexes into {@link #functions}. */
    public ArrivalSource arrivalSource() {
        return new TraceArrivals(arrivals.get());
    }
}
