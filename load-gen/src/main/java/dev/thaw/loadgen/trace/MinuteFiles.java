package dev.thaw.loadgen.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern AZURE_DAY = Pattern.compile("\\.d(\\d{1,4})\\.");
    private static final double MAX_DURATION_MS = 366 * 86_400_000.0;
    private static final double[] SHARES = {0, 0.01, 0.25, 0.5, 0.75, 0.99, 1};
    private static final List<String> PERCENTILES = List.of("0", "1", "25", "50", "75", "99", "100");

    private MinuteFiles() {}

    /** The files of invocations of a folder: In-Vitro's, or Azure's, one for each day, in their order; empty for none. */
    static List<Path> invocationsIn(Path folder) {
        Path invitro = existing(folder.resolve("invocations.csv"));
        if (Files.isRegularFile(invitro)) {
            return List.of(invitro);
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> String.valueOf(f.getFileName()).startsWith(AZURE_INVOCATIONS))
                    .sorted(Comparator.comparingInt((Path file) -> dayOf(file, 0))
                            .thenComparing(file -> file))
                    .toList();
        } catch (IOException e) {
            throw TraceInput.unreadable(folder, e);
        }
    }

    static boolean isInVitro(Path invocations) {
        return String.valueOf(invocations.getFileName()).matches("invocations\\.csv(\\.gz|\\.zst)?");
    }

    /** The number of the day in an Azure file's name, or {@code otherwise}. */
    static int dayOf(Path invocations, int otherwise) {
        Matcher matcher = AZURE_DAY.matcher(String.valueOf(invocations.getFileName()));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    static Path durationsBeside(Path invocations) {
        return existing(sibling(invocations, AZURE_DURATIONS, "durations"));
    }

    static Path memoryBeside(Path invocations) {
        return existing(sibling(invocations, AZURE_MEMORY, "memory"));
    }

    /** The file, or the same one compressed in another way. */
    private static Path existing(Path file) {
        String plain = String.valueOf(file.getFileName()).replaceFirst("\\.(gz|zst)$", "");
        for (String ending : List.of("", ".gz", ".zst")) {
            Path other = file.resolveSibling(plain + ending);
            if (Files.isRegularFile(other)) {
                return other;
            }
        }
        return file;
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
    static Map<String, Quantiles> durations(Path file, BrokenRows broken, TraceProgress progress) {
        Map<String, Quantiles> durations = new HashMap<>();
        if (!Files.isRegularFile(file)) {
            return durations;
        }
        try (CsvTable table = CsvTable.open(file, progress)) {
            int[] columns = PERCENTILES.stream()
                    .mapToInt(p -> table.column("percentile_Average_" + p))
                    .toArray();
            table.forEachRow(broken, () -> durations.put(functionKey(table), quantiles(table, columns)));
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
    static ToDoubleFunction<CsvTable> memory(Path file, BrokenRows broken, TraceProgress progress) {
        if (!Files.isRegularFile(file)) {
            return invocations -> Double.NaN;
        }
        Map<String, Double> memories = new HashMap<>();
        try (CsvTable table = CsvTable.open(file, progress)) {
            boolean byFunction = table.has("HashFunction");
            int average = table.column("AverageAllocatedMb");
            table.forEachRow(
                    broken,
                    () -> memories.put(byFunction ? functionKey(table) : appKey(table), table.number(average, 0, 1e6)));
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
