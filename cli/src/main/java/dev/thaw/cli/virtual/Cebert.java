package dev.thaw.cli.virtual;

import dev.thaw.results.CauseText;
import dev.thaw.results.imports.CebertTables;
import dev.thaw.results.imports.WorkloadCell;
import dev.thaw.scheduler.virtual.WorkModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.LogNormalDistribution;

/**
 * A model from the published tables of aws-lambda-performance-benchmarks: a folder of one workload with {@code cold.md} and
 * {@code warm.md}. They tell a mean and a 99th percentile for each memory size; between, durations are taken as log-normal.
 */
public final class Cebert {
    private static final double NS_PER_MS = 1e6;
    /** Of the standard normal distribution at 99 %. */
    private static final double Z99 = 2.3263478740408408;

    private static final double[] PROBABILITIES = {0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};
    /** The table's ends: a log-normal one has none. */
    private static final double FIRST = 0.001;

    private static final double LAST = 0.9999;

    private final Path folder;
    private final String runtime;
    private final String architecture;

    private Cebert(Path folder, String runtime, String architecture) {
        this.folder = folder;
        this.runtime = runtime;
        this.architecture = architecture;
    }

    /**
     * Reads both files.
     *
     * @throws IllegalArgumentException in one line that names the file, and the runtimes that there are
     */
    public static MeasuredModel read(Path folder, String runtime, String architecture) {
        return new Cebert(folder, runtime, architecture).model();
    }

    private MeasuredModel model() {
        Map<Integer, QuantileTable> inits = tables("cold.md", WorkloadCell::initMs, WorkloadCell::initP99Ms);
        Map<Integer, QuantileTable> work = tables("warm.md", WorkloadCell::durationMs, WorkloadCell::durationP99Ms);
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
        return MeasuredModel.ofService(
                "cebert/aws-lambda-performance-benchmarks",
                folder,
                runtime,
                architecture,
                what,
                new MeasuredFunction("", 0, WorkModel.MEMORY_SHARE, first.tables()),
                sizes);
    }

    private Map<Integer, QuantileTable> tables(
            String name, ToDoubleFunction<WorkloadCell> mean, ToDoubleFunction<WorkloadCell> p99) {
        Path file = folder.resolve(name);
        Set<String> known = new TreeSet<>();
        Map<Integer, QuantileTable> byMemory = new TreeMap<>();
        for (WorkloadCell cell : cells(file)) {
            known.add(cell.runtime());
            double meanMs = mean.applyAsDouble(cell);
            if (meanMs > 0
                    && cell.runtime().equals(runtime)
                    && cell.architecture().equals(architecture)) {
                byMemory.put(cell.memoryMb(), logNormal(meanMs, p99.applyAsDouble(cell)));
            }
        }
        if (byMemory.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": runtime: '" + runtime + "', must be one of " + String.join(", ", known));
        }
        return byMemory;
    }

    private static List<WorkloadCell> cells(Path file) {
        List<WorkloadCell> cells = new ArrayList<>();
        try {
            CebertTables.read(file, cells::add);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + CauseText.of(e), e);
        }
        return cells;
    }

    /** With this mean and 99th percentile, or constant where that is not above the mean: ln(p99/mean) = z sigma - sigma^2/2. */
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
