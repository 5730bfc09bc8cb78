package dev.thaw.loadgen.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a file of invocations per minute: durations and memory, by Azure's names
 * ({@code invocations_per_function_md.anon.d01.csv} and its siblings of the same day) or In-Vitro's.
 */
final class MinuteFiles {
    private static final String AZURE_INVOCATIONS = "invocations_per_function_md.";
    private static final String AZURE_DURATIONS = "function_durations_percentiles.";
    private static final String AZURE_MEMORY = "app_memory_percentiles.";
    private static final double MAX_DURATION_MS = 366 * 86_400_000.0;
    private static final double[] SHARES = {0, 0.01, 0.25, 0.5, 0.75, 0.99, 1};
    private static final List<String> PERCENTILES = List.of("0", "1", "25", "50", "75", "99", "100");

    private MinuteFiles() {}

    /** The file of invocations of a folder: In-Vitro's, or Azure's first day. */
    static Path invocationsIn(Path folder) {
        Path invitro = folder.resolve("invocations.csv");
        if (Files.isRegularFile(invitro)) {
            return invitro;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> String.valueOf(f.getFileName()).startsWith(AZURE_INVOCATIONS))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> new TraceException(folder + ": folder: has neither invocations.csv nor "
                            + AZURE_INVOCATIONS + "*, must have one of them"));
        } catch (IOException e) {
            throw CsvTable.unreadable(folder, e);
        }
    }

    static Path durationsBeside(Path invocations) {
        return sibling(invocations, AZURE_DURATIONS, "durations");
    }

    static Path memoryBeside(Path invocations) {
        return sibling(invocations, AZURE_MEMORY, "memory");
    }

    private static Path sibling(Path invocations, String azurePrefix, String word) {
        String name = String.valueOf(invocations.getFileName());
        if (name.startsWith(AZURE_INVOCATIONS)) {
            return invocations.resolveSibling(azurePrefix + name.substring(AZURE_INVOCATIONS.length()));
        }
        boolean invitro = name.contains("invocations");
        String other = invitro ? name.replaceFirst("invocations", word) : word + ".csv";
        return invocations.resolveSibling(other);
    }

    /** Durations in us by {@link #functionKey}; empty where there is no such file. */
    static Map<String, Quantiles> durations(Path file) {
        Map<String, Quantiles> durations = new HashMap<>();
        if (!Files.isRegularFile(file)) {
            return durations;
        }
        try (CsvTable table = CsvTable.open(file)) {
            int[] columns = PERCENTILES.stream()
                    .mapToInt(p -> table.column("percentile_Average_" + p))
                    .toArray();
            while (table.next()) {
                durations.put(functionKey(table), quantiles(table, columns));
            }
        }
        return durations;
    }

    private static Quantiles quantiles(CsvTable table, int[] columns) {
        double[] values = new double[columns.length];
        double last = 0;
        for (int i = 0; i < columns.length; i++) {
            last = Math.max(last, table.number(columns[i], 0, MAX_DURATION_MS) * 1e3);
            values[i] = last;
        }
        return new Quantiles(SHARES, values);
    }

    /**
     * Average allocated memory in MB, of a function where the file has them (In-Vitro), else of its app (Azure).
     * Unknown functions give NaN.
     */
    static ToDoubleFunction<CsvTable> memory(Path file) {
        if (!Files.isRegularFile(file)) {
            return invocations -> Double.NaN;
        }
        Map<String, Double> memories = new HashMap<>();
        try (CsvTable table = CsvTable.open(file)) {
            boolean byFunction = table.has("HashFunction");
            int average = table.column("AverageAllocatedMb");
            while (table.next()) {
                memories.put(byFunction ? functionKey(table) : appKey(table), table.number(average, 0, 1e6));
            }
            return invocations -> {
                @Nullable Double mib = memories.get(byFunction ? functionKey(invocations) : appKey(invocations));
                return mib == null ? Double.NaN : mib;
            };
        }
    }

    static String functionKey(CsvTable table) {
        return appKey(table) + '/' + table.text(table.column("HashFunction"));
    }

    static String appKey(CsvTable table) {
        return table.text(table.column("HashOwner")) + '/' + table.text(table.column("HashApp"));
    }
}
