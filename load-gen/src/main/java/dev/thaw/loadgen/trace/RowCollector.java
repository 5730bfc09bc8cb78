package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects those invocations of a trace that are in the window, and the functions that they are of. */
final class RowCollector {
    private final TraceOptions options;
    private final TraceNotes notes = new TraceNotes();
    private final FunctionNames names = new FunctionNames();
    private final Map<List<String>, Integer> indexes = new HashMap<>();
    private final List<Row> functions = new ArrayList<>();
    private final ArrivalSpool spool;
    private long invocations;
    private long zeroDurations;
    private long lastNs = -1;

    RowCollector(TraceOptions options) {
        this(options, new ArrivalSpool());
    }

    RowCollector(TraceOptions options, ArrivalSpool spool) {
        this.options = options;
        this.spool = spool;
    }

    /** A function as collected so far. */
    private static final class Row {
        final String name;
        final String source;
        final String application;
        double memoryMib = Double.NaN;
        double initsUs;
        long inits;
        boolean invoked;

        Row(String name, String source, String application) {
            this.name = name;
            this.source = source;
            this.application = application;
        }
    }

    /** The index of the function called by these parts together, the last its own, those before it its application's. */
    int function(String... key) {
        return functionOf(String.join("/", List.of(key).subList(0, Math.max(1, key.length - 1))), key);
    }

    /** The index of the function called by these parts together, of that application. */
    int functionOf(String application, String... key) {
        return indexes.computeIfAbsent(List.of(key), parts -> {
            functions.add(new Row(names.add(key), String.join("/", parts), application));
            return functions.size() - 1;
        });
    }

    /** Rows may differ; the setting of a function must hold the largest. */
    void memory(int function, double mib) {
        Row row = functions.get(function);
        row.memoryMib = Double.isNaN(row.memoryMib) ? mib : Math.max(row.memoryMib, mib);
    }

    /** How much longer the function's first invocation takes. Rows may differ; the function has their mean. */
    void init(int function, double us) {
        Row row = functions.get(function);
        row.initsUs += us;
        row.inits++;
    }

    TraceNotes notes() {
        return notes;
    }

    void add(int function, long startNs, double durationUs) {
        if (startNs >= options.windowNs()) {
            return;
        }
        if (startNs < 0) {
            notes.startedBefore();
            return;
        }
        int us = notes.durationUs(durationUs);
        long runNs = options.runNs(startNs);
        invocations++;
        zeroDurations += us == 0 ? 1 : 0;
        lastNs = Math.max(lastNs, runNs);
        functions.get(function).invoked = true;
        spool.add(runNs, function, us);
    }

    Trace toTrace(TraceFormat format, Path source, BrokenRows broken) {
        int[] dense = new int[functions.size()];
        List<TraceFunction> kept = keepInvoked(dense);
        ArrivalSpool.Walks walks = spool.finish(dense);
        TraceSummary summary = new TraceSummary(
                format,
                source.toString(),
                kept.size(),
                invocations,
                options.windowNs() == Long.MAX_VALUE ? lastNs + 1 : options.runNs(options.windowNs()),
                zeroDurations,
                broken.count(),
                notes.lines(kept.size(), options, broken));
        return new Trace(kept, summary, walks::walk);
    }

    private List<TraceFunction> keepInvoked(int[] dense) {
        List<TraceFunction> kept = new ArrayList<>();
        for (int i = 0; i < dense.length; i++) {
            Row row = functions.get(i);
            if (row.invoked) {
                dense[i] = kept.size();
                kept.add(new TraceFunction(row.name, row.source, row.application, memoryOf(row), initOf(row)));
            }
        }
        return kept;
    }

    private int initOf(Row row) {
        return row.inits == 0 ? TraceFunction.UNKNOWN_INIT : notes.durationUs(row.initsUs / row.inits);
    }

    private int memoryOf(Row row) {
        if (Double.isNaN(row.memoryMib)) {
            notes.unknownMemory();
            return options.defaultMemoryMib();
        }
        return notes.memoryMib(row.memoryMib);
    }
}
