package dev.thaw.loadgen.trace;

import dev.thaw.scheduler.virtual.ArrivalSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A trace ready to be replayed: functions that are invoked in its window, and any number of walks over its arrivals,
 * each the same.
 *
 * <p>Threading: immutable; each cursor belongs to one thread.
 */
public final class Trace {
    private final List<TraceFunction> functions;
    private final TraceSummary summary;
    private final Supplier<ArrivalCursor> arrivals;

    Trace(List<TraceFunction> functions, TraceSummary summary, Supplier<ArrivalCursor> arrivals) {
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
        Path file = Files.isDirectory(path) ? MinuteFiles.invocationsIn(path) : path;
        try (CsvTable table = CsvTable.open(file)) {
            TraceFormat known = format == TraceFormat.AUTO ? TraceFormat.detect(table) : format;
            return switch (known) {
                case AZURE2021 -> RowTraces.azure2021(table, options);
                case ILUVATAR -> RowTraces.iluvatar(table, options);
                case FAASRAIL -> MinuteTraces.faasrail(table, options);
                case AZURE2019, INVITRO -> MinuteTraces.azure2019(table, known, options);
                case CSV, AUTO -> RowTraces.plain(table, options);
            };
        }
    }

    public List<TraceFunction> functions() {
        return functions;
    }

    public TraceSummary summary() {
        return summary;
    }

    /** A new walk over the arrivals, from the first. */
    public ArrivalCursor arrivals() {
        return arrivals.get();
    }

    /** A new walk over the arrivals for a simulation; function ids are indexes into {@link #functions}. */
    public ArrivalSource arrivalSource() {
        return new TraceArrivals(arrivals.get());
    }

    /** Writes the plain format, {@code function,start_ms,duration_ms,memory_mb}, which {@link #open} reads back. */
    public void writeCsv(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("function,start_ms,duration_ms,memory_mb\n");
            for (ArrivalCursor cursor = arrivals(); cursor.next(); ) {
                TraceFunction function = functions.get(cursor.function());
                out.write(String.format(
                        Locale.ROOT,
                        "%s,%.6f,%.3f,%d%n",
                        function.name(),
                        cursor.startNs() / 1e6,
                        cursor.durationUs() / 1e3,
                        function.memoryMib()));
            }
        }
    }
}
