package dev.thaw.loadgen.trace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads formats with one row for each invocation (anchors.md section 3). */
final class RowTraces {
    /** No trace is longer than a year: anything beyond is a broken number. */
    private static final double MAX_SEC = 366 * 86_400.0;

    private RowTraces() {}

    /** Start is end minus duration, and rows are in no order. {@code func} is unique only inside its app. */
    static Trace azure2021(CsvTable table, TraceOptions options) {
        int app = table.column("app");
        int func = table.column("func");
        int end = table.column("end_timestamp");
        int duration = table.column("duration");
        RowCollector rows = new RowCollector(options);
        while (table.next()) {
            double durationSec = table.number(duration, 0, MAX_SEC);
            long startNs = Math.round((table.number(end, 0, MAX_SEC) - durationSec) * 1e9);
            rows.add(rows.function(table.text(app), table.text(func)), startNs, durationSec * 1e6);
        }
        return rows.toTrace(TraceFormat.AZURE2021, table.path());
    }

    static Trace iluvatar(CsvTable table, TraceOptions options) {
        int name = table.column("func_name");
        int invoke = table.column("invoke_time_ms");
        Path metadataFile = iluvatarMetadata(table.path());
        Map<String, IluvatarFunction> metadata = readMetadata(metadataFile);
        RowCollector rows = new RowCollector(options);
        while (table.next()) {
            IluvatarFunction known = metadata.get(table.text(name));
            if (known == null) {
                throw table.bad(name, "in " + metadataFile);
            }
            int function = rows.function(table.text(name));
            rows.memory(function, known.memoryMib);
            rows.init(function, Math.max(0, known.coldMs - known.warmMs) * 1e3);
            rows.add(function, startNs(table, invoke), known.warmMs * 1e3);
        }
        return rows.toTrace(TraceFormat.ILUVATAR, table.path());
    }

    static Trace plain(CsvTable table, TraceOptions options) {
        int name = table.column("function");
        int start = table.column("start_ms");
        int duration = table.column("duration_ms");
        int memory = table.has("memory_mb") ? table.column("memory_mb") : -1;
        RowCollector rows = new RowCollector(options);
        while (table.next()) {
            int function = rows.function(table.text(name));
            if (memory >= 0) {
                rows.memory(function, table.number(memory, 0, 1e6));
            }
            rows.add(function, startNs(table, start), table.number(duration, 0, MAX_SEC * 1e3) * 1e3);
        }
        return rows.toTrace(TraceFormat.CSV, table.path());
    }

    private static long startNs(CsvTable table, int column) {
        return Math.round(table.number(column, 0, MAX_SEC * 1e3) * 1e6);
    }

    private record IluvatarFunction(double coldMs, double warmMs, double memoryMib) {}

    private static Path iluvatarMetadata(Path trace) {
        String name = String.valueOf(trace.getFileName());
        List<String> candidates = List.of("metadata-" + name, "meta.csv", "metadata.csv");
        for (String candidate : candidates) {
            Path file = trace.resolveSibling(candidate);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new TraceException(
                trace + ": metadata: none of " + String.join(", ", candidates) + " is beside it, must be one of them");
    }

    private static Map<String, IluvatarFunction> readMetadata(Path file) {
        Map<String, IluvatarFunction> functions = new HashMap<>();
        try (CsvTable table = CsvTable.open(file)) {
            int name = table.column("func_name");
            int cold = table.column("cold_dur_ms");
            int warm = table.column("warm_dur_ms");
            int memory = table.column("mem_mb");
            while (table.next()) {
                double warmMs = table.number(warm, 0, MAX_SEC * 1e3);
                double coldMs = table.number(cold, 0, MAX_SEC * 1e3);
                functions.put(table.text(name), new IluvatarFunction(coldMs, warmMs, table.number(memory, 0, 1e6)));
            }
        }
        return functions;
    }
}
