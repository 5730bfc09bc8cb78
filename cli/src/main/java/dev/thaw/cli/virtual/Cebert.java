package dev.thaw.cli.virtual;

import dev.thaw.results.CauseText;
import dev.thaw.scheduler.virtual.EnvironmentModel;
import dev.thaw.scheduler.virtual.WorkModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.LogNormalDistribution;

/**
 * A model from the published tables of aws-lambda-performance-benchmarks: a folder of one workload with {@code cold.md} and
 * {@code warm.md}. They tell a mean and a 99th percentile for each memory size; between, durations are taken as log-normal.
 */
public final class Cebert {
    private static final double NS_PER_MS = 1e6;
    private static final String DURATION = " Duration (ms)";
    /** Of the standard normal distribution at 99 %. */
    private static final double Z99 = 2.3263478740408408;

    private static final double[] PROBABILITIES = {0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};
    /** The table's ends: a log-normal one has none. */
    private static final double FIRST = 0.001;

    private static final double LAST = 0.9999;

    private final Path folder;
    private final String runtime;
    private final String prefix;

    /** A row of a table by its head. */
    private record Row(Map<String, Double> fields) {}

    private Cebert(Path folder, String runtime, String architecture) {
        this.folder = folder;
        this.runtime = runtime;
        prefix = architecture.equals("arm64") ? "ARM64" : "x86";
    }

    /**
     * Reads both files.
     *
     * @throws IllegalArgumentException in one line that names the file, and the runtimes that there are
     */
    public static MeasuredModel read(Path folder, String runtime, String architecture) {
        return new Cebert(folder, runtime, architecture).model(architecture);
    }

    private MeasuredModel model(String architecture) {
        Map<Integer, QuantileTable> inits = tables("cold.md", prefix + " Init (ms)");
        Map<Integer, QuantileTable> work = tables("warm.md", prefix + DURATION);
        List<MeasuredFunction> sizes = new ArrayList<>();
        work.forEach((memoryMib, durations) -> {
            Map<String, QuantileTable> parts = new TreeMap<>();
            parts.put(Part.INVOKE.key(), durations);
            QuantileTable init = inits.get(memoryMib);
            if (init != null) {
                parts.put(Part.INIT_FUNCTION.key(), init);
            }
            sizes.add(new MeasuredFunction("", memoryMib, WorkModel.MEMORY_SHARE, parts));
        });
        MeasuredFunction first = sizes.getFirst();
        String what = runtime + " on " + architecture + ", " + folder.getFileName()
                + ", by aws-lambda-performance-benchmarks: init and work, log-normal by mean and p99; all else takes no time";
        return new MeasuredModel(
                MeasuredModel.SCHEMA,
                what,
                Map.of(
                        "dataset",
                        "cebert/aws-lambda-performance-benchmarks",
                        "file",
                        String.valueOf(folder.getFileName()),
                        "runtime",
                        runtime,
                        "architecture",
                        architecture,
                        "backend",
                        "AWS Lambda"),
                EnvironmentModel.DEFAULT_INIT_MILLI_VCPUS,
                new MeasuredFunction("", 0, WorkModel.MEMORY_SHARE, first.tables()),
                sizes);
    }

    private Map<Integer, QuantileTable> tables(String name, String column) {
        Path file = folder.resolve(name);
        Map<Integer, QuantileTable> byMemory = new TreeMap<>();
        for (Row row : rows(file)) {
            Double memoryMib = row.fields().get("Memory (MB)");
            Double meanMs = row.fields().get(column);
            Double p99Ms = row.fields().get(prefix + " P99 (ms)");
            if (memoryMib != null && meanMs != null && p99Ms != null && meanMs > 0) {
                // The p99 of a table with durations is theirs; inits have a table of their own behind it, mostly.
                boolean ofDurations = row.fields().containsKey(prefix + DURATION);
                boolean own = ofDurations == column.endsWith(DURATION);
                byMemory.put(memoryMib.intValue(), logNormal(meanMs, own ? p99Ms : meanMs));
            }
        }
        if (byMemory.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": runtime: '" + runtime + "', must be one of " + String.join(", ", sections(file)));
        }
        return byMemory;
    }

    private List<Row> rows(Path file) {
        List<Row> rows = new ArrayList<>();
        boolean ours = false;
        List<String> head = List.of();
        for (String line : lines(file)) {
            if (line.startsWith("## ")) {
                ours = line.substring(3).strip().equals(runtime);
            }
            List<String> cells = line.startsWith("|") ? cells(line) : List.of();
            if (cells.isEmpty()) {
                head = List.of();
            } else if (head.isEmpty()) {
                head = cells;
            } else if (ours) {
                rows.add(row(head, cells));
            }
        }
        return rows;
    }

    private static Row row(List<String> head, List<String> cells) {
        Map<String, Double> fields = new TreeMap<>();
        for (int column = 0; column < Math.min(head.size(), cells.size()); column++) {
            if (cells.get(column).matches("[0-9]+(\\.[0-9]+)?")) {
                fields.put(head.get(column), Double.parseDouble(cells.get(column)));
            }
        }
        return new Row(fields);
    }

    private static List<String> cells(String line) {
        String[] cells = line.split("\\|", -1);
        return Arrays.stream(cells, 1, Math.max(1, cells.length - 1))
                .map(String::strip)
                .toList();
    }

    private static List<String> sections(Path file) {
        return lines(file).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3).strip())
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + CauseText.of(e), e);
        }
    }

    /** With this mean and 99th percentile: ln(p99/mean) = z sigma - sigma^2/2. */
    private static QuantileTable logNormal(double meanMs, double p99Ms) {
        double spread = Math.log(Math.max(1, p99Ms / meanMs));
        double sigma = Z99 - Math.sqrt(Math.max(0, Z99 * Z99 - 2 * spread));
        if (sigma < 1e-6) {
            return QuantileTable.constant(Math.round(meanMs * NS_PER_MS));
        }
        LogNormalDistribution fit = LogNormalDistribution.of(Math.log(meanMs) - sigma * sigma / 2, sigma);
        List<Double> p = Arrays.stream(PROBABILITIES).boxed().toList();
        List<Long> ns = p.stream()
                .map(probability ->
                        Math.round(NS_PER_MS * fit.inverseCumulativeProbability(Math.clamp(probability, FIRST, LAST))))
                .toList();
        return new QuantileTable(0, p, ns);
    }
}
