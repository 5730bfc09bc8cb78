package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongArrayList;

/** Collects those invocations of a trace that are in the window, 16 bytes each, and puts them in order. */
final class RowCollector {
    private final TraceOptions options;
    private final TraceNotes notes = new TraceNotes();
    private final Map<List<String>, Integer> indexes = new HashMap<>();
    private final List<Row> functions = new ArrayList<>();
    private final LongArrayList startsNs = new LongArrayList();
    private final IntArrayList functionIndexes = new IntArrayList();
    private final IntArrayList durationsUs = new IntArrayList();
    private long zeroDurations;

    RowCollector(TraceOptions options) {
        this.options = options;
    }

    /** A function as collected so far. */
    private static final class Row {
        final String name;
        final String source;
        final String application;
        double memoryMib = Double.NaN;
        int initUs = TraceFunction.UNKNOWN_INIT;
        boolean invoked;

        Row(String name, String source, String application) {
            this.name = name;
            this.source = source;
            this.application = application;
        }
    }

    private final FunctionNames names = new FunctionNames();

    /** The index of the function called by these parts together, the last its own, those before it its application's. */
    int function(String... key) {
        return indexes.computeIfAbsent(List.of(key), parts -> {
            String application = String.join("/", parts.subList(0, Math.max(1, parts.size() - 1)));
            functions.add(new Row(names.add(key), String.join("/", parts), application));
            return functions.size() - 1;
        });
    }

    /** Rows may differ; the setting of a function must hold the largest. */
    void memory(int function, double mib) {
        Row row = functions.get(function);
        row.memoryMib = Double.isNaN(row.memoryMib) ? mib : Math.max(row.memoryMib, mib);
    }

    void init(int function, double us) {
        functions.get(function).initUs = notes.durationUs(us);
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
        zeroDurations += us == 0 ? 1 : 0;
        functions.get(function).invoked = true;
        startsNs.addLong(options.runNs(startNs));
        functionIndexes.addInt(function);
        durationsUs.addInt(us);
    }

    Trace toTrace(TraceFormat format, Path source) {
        int[] dense = new int[functions.size()];
        List<TraceFunction> kept = keepInvoked(dense);
        int[] order = order();
        long[] starts = Arrays.stream(order).mapToLong(startsNs::getLong).toArray();
        int[] indexesInOrder =
                Arrays.stream(order).map(i -> dense[functionIndexes.getInt(i)]).toArray();
        int[] durations = Arrays.stream(order).map(durationsUs::getInt).toArray();
        TraceSummary summary = new TraceSummary(
                format,
                source.toString(),
                kept.size(),
                starts.length,
                durationNs(starts),
                zeroDurations,
                notes.lines(kept.size(), options));
        return new Trace(kept, summary, () -> new ArrayCursor(starts, indexesInOrder, durations));
    }

    private long durationNs(long[] starts) {
        long lastNs = starts.length == 0 ? 0 : starts[starts.length - 1] + 1;
        return options.windowNs() == Long.MAX_VALUE ? lastNs : options.runNs(options.windowNs());
    }

    private List<TraceFunction> keepInvoked(int[] dense) {
        List<TraceFunction> kept = new ArrayList<>();
        for (int i = 0; i < dense.length; i++) {
            Row row = functions.get(i);
            if (row.invoked) {
                dense[i] = kept.size();
                kept.add(new TraceFunction(row.name, row.source, row.application, memoryOf(row), row.initUs));
            }
        }
        return kept;
    }

    private int memoryOf(Row row) {
        if (Double.isNaN(row.memoryMib)) {
            notes.unknownMemory();
            return options.defaultMemoryMib();
        }
        return notes.memoryMib(row.memoryMib);
    }

    /** Rows by start; rows that start together stay in the file's order. */
    private int[] order() {
        int size = startsNs.size();
        for (int i = 1; i < size; i++) {
            if (startsNs.getLong(i) < startsNs.getLong(i - 1)) {
                return IntStream.range(0, size)
                        .boxed()
                        .sorted(Comparator.comparingLong(startsNs::getLong))
                        .mapToInt(Integer::intValue)
                        .toArray();
            }
        }
        return IntStream.range(0, size).toArray();
    }
}
