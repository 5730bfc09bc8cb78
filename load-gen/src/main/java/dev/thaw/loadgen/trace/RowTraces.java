package dev.thaw.loadgen.trace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads formats with one row for each invocation, at times since the trace's start (anchors.md section 3). */
final class RowTraces {
    /** No trace is longer than a year: anything beyond is a broken number. */
    static final double MAX_SEC = 366 * 86_400.0;

    static final double MAX_MIB = 1e6;

    private final CsvTable table;
    private final TraceProgress progress;
    private final BrokenRows broken;
    private final RowCollector rows;

    RowTraces(CsvTable table, TraceOptions options, TraceProgress progress) {
        this.table = table;
        this.progress = progress;
        broken = new BrokenRows(options.skipBrokenRows());
        rows = new RowCollector(options);
    }

    /** Start is end minus duration, and rows are in no order. {@code func} is unique only inside its app. */
    Trace azure2021() {
        int app = table.column("app");
        int func = table.column("func");
        int end = table.column("end_timestamp");
        int duration = table.column("duration");
        table.forEachRow(broken, () -> {
            double durationSec = table.number(duration, 0, MAX_SEC);
            long startNs = Math.round((table.number(end, 0, MAX_SEC) - durationSec) * 1e9);
            rows.add(rows.function(table.text(app), table.text(func)), startNs, durationSec * 1e6);
        });
        return rows.toTrace(TraceFormat.AZURE2021, table.path(), broken);
    }

    Trace iluvatar() {
        int name = table.column("func_name");
        int invoke = table.column("invoke_time_ms");
        Path metadataFile = iluvatarMetadata(table.path());
        Map<String, IluvatarFunction> metadata = readMetadata(metadataFile);
        table.forEachRow(broken, () -> {
            IluvatarFunction known = metadata.get(table.text(name));
            if (known == null) {
                throw table.bad(name, "in " + metadataFile);
            }
            long startNs = startNs(invoke);
            int function = rows.function(table.text(name));
            rows.memory(function, known.memoryMib);
            rows.init(function, Math.max(0, known.coldMs - known.warmMs) * 1e3);
            rows.add(function, startNs, known.warmMs * 1e3);
        });
        return rows.toTrace(TraceFormat.ILUVATAR, table.path(), broken);
    }

    /** {@code function,start_ms,duration_ms} and, where they are known, {@code memory_mb,app,init_ms}. */
    Trace plain() {
        int name = table.column("function");
        int start = table.column("start_ms");
        int duration = table.column("duration_ms");
        int memory = table.columnOf("memory_mb");
        int app = table.columnOf("app");
        int init = table.columnOf("init_ms");
        table.forEachRow(broken, () -> {
            String called = table.text(name);
            double memoryMib = optional(memory, MAX_MIB);
            double initMs = optional(init, MAX_SEC * 1e3);
            long startNs = startNs(start);
            double durationUs = table.number(duration, 0, MAX_SEC * 1e3) * 1e3;
            int function = rows.functionOf(app < 0 || table.raw(app).isEmpty() ? called : table.raw(app), called);
            if (!Double.isNaN(memoryMib)) {
                rows.memory(function, memoryMib);
            }
            if (!Double.isNaN(initMs)) {
                rows.init(function, initMs * 1e3);
            }
            rows.add(function, startNs, durationUs);
        });
        return rows.toTrace(TraceFormat.CSV, table.path(), broken);
    }

    /** NaN where there is no such column; a column that is there has a value in every row, {@code init_ms} perhaps none. */
    private double optional(int column, double max) {
        boolean none = column < 0
                || (table.raw(column).isEmpty() && table.columnName(column).equals("init_ms"));
        return none ? Double.NaN : table.number(column, 0, max);
    }

    private long startNs(int column) {
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

    private Map<String, IluvatarFunction> readMetadata(Path file) {
        Map<String, IluvatarFunction> functions = new HashMap<>();
        try (CsvTable metadata = CsvTable.open(file, progress)) {
            int name = metadata.column("func_name");
            int cold = metadata.column("cold_dur_ms");
            int warm = metadata.column("warm_dur_ms");
            int memory = metadata.column("mem_mb");
            metadata.forEachRow(
                    broken,
                    () -> functions.put(
                            metadata.text(name),
                            new IluvatarFunction(
                                    metadata.number(cold, 0, MAX_SEC * 1e3),
                                    metadata.number(warm, 0, MAX_SEC * 1e3),
                                    metadata.number(memory, 0, MAX_MIB))));
        }
        return functions;
    }
}
