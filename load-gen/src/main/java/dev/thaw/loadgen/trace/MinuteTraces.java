package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads formats with one row for each function and one count for each minute (anchors.md section 3). */
final class MinuteTraces {
    private static final double MAX_DURATION_MS = 366 * 86_400_000.0;
    private static final Pattern FAASRAIL_BENCH = Pattern.compile("\"bench\"\\s*:\\s*\"([^\"]*)\"");

    private final TraceOptions options;
    private final TraceNotes notes = new TraceNotes();
    private final FunctionNames names = new FunctionNames();
    private final List<MinuteFunction> functions = new ArrayList<>();
    private int minutes;

    private MinuteTraces(TraceOptions options) {
        this.options = options;
    }

    static Trace azure2019(CsvTable table, TraceFormat format, TraceOptions options) {
        return new MinuteTraces(options).readAzure(table, format);
    }

    static Trace faasrail(CsvTable table, TraceOptions options) {
        return new MinuteTraces(options).readFaasrail(table);
    }

    private Trace readAzure(CsvTable table, TraceFormat format) {
        Map<String, Quantiles> durations = MinuteFiles.durations(MinuteFiles.durationsBeside(table.path()));
        ToDoubleFunction<CsvTable> memories = MinuteFiles.memory(MinuteFiles.memoryBeside(table.path()));
        int app = table.column("HashApp");
        int function = table.column("HashFunction");
        int firstMinute = table.column("1");
        minutes = minutesInWindow(table.columnCount() - firstMinute);
        while (table.next()) {
            int[] counts = counts(table, firstMinute);
            if (counts.length > 0) {
                String key = MinuteFiles.functionKey(table);
                String name = names.add(table.text(app), table.text(function));
                add(name, key, MinuteFiles.appKey(table), memories.applyAsDouble(table), counts, durations.get(key));
            }
        }
        return toTrace(format, table.path());
    }

    /** A function is a row: several share one benchmark. */
    private Trace readFaasrail(CsvTable table) {
        int average = table.column("avg");
        int mapped = table.column("mapped_wreq");
        int firstMinute = mapped + 1;
        minutes = minutesInWindow(table.columnCount() - firstMinute);
        for (int row = 1; table.next(); row++) {
            int[] counts = counts(table, firstMinute);
            double averageUs = table.number(average, 0, MAX_DURATION_MS) * 1e3;
            if (counts.length > 0) {
                Matcher bench = FAASRAIL_BENCH.matcher(table.text(mapped));
                String source = bench.find() ? bench.group(1) : "workload";
                String name = names.add(source, Integer.toString(row));
                add(name, source, name, Double.NaN, counts, Quantiles.constant(averageUs));
            }
        }
        return toTrace(TraceFormat.FAASRAIL, table.path());
    }

    private int minutesInWindow(int columns) {
        long windowMinutes = (options.windowNs() - 1) / MinuteFunction.MINUTE_NS + 1;
        return (int) Math.min(columns, windowMinutes);
    }

    /** Counts of the row's minutes in the window; empty where none is above 0. */
    private int[] counts(CsvTable table, int firstMinute) {
        int[] counts = new int[minutes];
        boolean invoked = false;
        for (int minute = 0; minute < minutes; minute++) {
            counts[minute] = table.count(firstMinute + minute, MinuteCursor.MAX_PER_MINUTE);
            invoked |= counts[minute] > 0;
        }
        return invoked ? counts : new int[0];
    }

    private void add(
            String name,
            String source,
            String application,
            double memoryMib,
            int[] counts,
            @Nullable Quantiles durationUs) {
        if (durationUs == null) {
            notes.unknownDuration();
        }
        Quantiles known = durationUs == null ? Quantiles.constant(options.defaultDurationUs()) : durationUs;
        TraceFunction function =
                new TraceFunction(name, source, application, memoryOf(memoryMib), TraceFunction.UNKNOWN_INIT);
        functions.add(new MinuteFunction(function, counts, known));
    }

    private int memoryOf(double mib) {
        if (Double.isNaN(mib)) {
            notes.unknownMemory();
            return options.defaultMemoryMib();
        }
        return notes.memoryMib(mib);
    }

    /** Walks once through it all: which functions the window's last, partial minute holds is known only then. */
    private Trace toTrace(TraceFormat format, Path source) {
        int[] dense = new int[functions.size()];
        long invocations = 0;
        long zeroDurations = 0;
        for (MinuteCursor cursor = new MinuteCursor(functions, minutes, options, notes); cursor.next(); ) {
            invocations++;
            zeroDurations += cursor.durationUs() == 0 ? 1 : 0;
            dense[cursor.function()]++;
        }
        List<MinuteFunction> kept = new ArrayList<>();
        for (int i = 0; i < dense.length; i++) {
            if (dense[i] > 0) {
                kept.add(functions.get(i));
            }
        }
        TraceSummary summary = new TraceSummary(
                format,
                source.toString(),
                kept.size(),
                invocations,
                options.runNs(Math.min(options.windowNs(), minutes * MinuteFunction.MINUTE_NS)),
                zeroDurations,
                notes.lines(kept.size(), options));
        List<TraceFunction> invoked =
                kept.stream().map(MinuteFunction::function).toList();
        return new Trace(invoked, summary, () -> new MinuteCursor(kept, minutes, options, new TraceNotes()));
    }
}
