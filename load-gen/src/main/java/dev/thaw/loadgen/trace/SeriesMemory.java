package dev.thaw.loadgen.trace;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Memory of Huawei's functions of 2023 on one day: what all instances had together in the first minute that has it, divided
 * by how many they were.
 */
final class SeriesMemory {
    private static final double MAX_MIB = 1e9;
    private static final double MAX_INSTANCES = 1e6;

    private final Map<String, Double> mib = new HashMap<>();

    private SeriesMemory() {}

    static SeriesMemory beside(Path requests, BrokenRows judge, TraceProgress progress) {
        SeriesMemory memory = new SeriesMemory();
        @Nullable Path limits = SeriesRows.fileBeside(requests, "memory_limit_minute");
        if (limits != null) {
            memory.read(limits, requests, judge, progress);
        }
        return memory;
    }

    private void read(Path limits, Path requests, BrokenRows judge, TraceProgress progress) {
        @Nullable Path counts = SeriesRows.fileBeside(requests, "instances_minute");
        try (CsvTable table = CsvTable.open(limits, progress);
                SeriesRows instances = counts == null ? null : new SeriesRows(CsvTable.open(counts, progress), judge)) {
            int time = table.column("time");
            table.forEachRow(judge, () -> {
                double sec = table.number(time, 0, SeriesRows.MAX_TIME_SEC);
                Map<String, Double> ofRow = new HashMap<>();
                for (int column = 0; column < table.columnCount(); column++) {
                    String id = table.columnName(column);
                    if (!mib.containsKey(id) && !SeriesRows.isNothing(table.raw(column))) {
                        double all = table.number(column, 0, MAX_MIB);
                        double number = instances == null ? 1 : instances.at(sec, id, MAX_INSTANCES);
                        ofRow.put(id, all / Math.max(1, Double.isNaN(number) ? 1 : number));
                    }
                }
                mib.putAll(ofRow);
            });
        }
    }

    /** NaN where it is not known. */
    double mib(String function) {
        return mib.getOrDefault(function, Double.NaN);
    }
}
