package dev.thaw.cli.virtual;

import dev.thaw.results.CauseText;
import dev.thaw.results.imports.ColdStartCell;
import dev.thaw.results.imports.LambdaPerfData;
import dev.thaw.scheduler.virtual.WorkModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.HdrHistogram.PackedHistogram;

/**
 * A model from lambda-perf's daily measurements of real cold starts (anchors.md section 3): a daily JSON file, a folder of
 * them, or all samples as one CSV, plain or packed. Inits of one runtime, together and by memory size; of warm
 * invocations the data says nothing.
 */
public final class LambdaPerf {
    private static final int DIGITS = 3;
    private static final double NS_PER_MS = 1e6;

    private final Path source;
    private final String runtime;
    private final String architecture;
    private final TreeSet<String> known = new TreeSet<>();
    private final PackedHistogram pooled = new PackedHistogram(DIGITS);
    private final Map<Integer, PackedHistogram> byMemory = new TreeMap<>();

    private LambdaPerf(Path source, String runtime, String architecture) {
        this.source = source;
        this.runtime = runtime;
        this.architecture = architecture;
    }

    /**
     * Reads the data.
     *
     * @throws IllegalArgumentException in one line that names the file, and the runtimes that there are
     */
    public static MeasuredModel read(Path source, String runtime, String architecture) {
        LambdaPerf reading = new LambdaPerf(source, runtime, architecture);
        try {
            for (Path file : reading.files()) {
                LambdaPerfData.read(file, reading::add);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(source + ": cannot be read: " + CauseText.of(e), e);
        }
        return reading.model();
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        try (Stream<Path> files = Files.list(source)) {
            return files.filter(each -> each.toString().matches(".*\\.json(\\.gz|\\.zst)?"))
                    .sorted()
                    .toList();
        }
    }

    private void add(ColdStartCell cell) {
        known.add(cell.runtime());
        if (cell.runtime().equals(runtime) && cell.architecture().equals(architecture)) {
            for (double initMs : cell.initsMs()) {
                long ns = Math.round(initMs * NS_PER_MS);
                pooled.recordValue(ns);
                byMemory.computeIfAbsent(cell.memoryMb(), _ -> new PackedHistogram(DIGITS))
                        .recordValue(ns);
            }
        }
    }

    private MeasuredModel model() {
        if (pooled.getTotalCount() == 0) {
            throw new IllegalArgumentException(source + ": runtime: '" + runtime + "' on " + architecture
                    + ", must be one of " + String.join(", ", known));
        }
        List<MeasuredFunction> sizes = new ArrayList<>();
        byMemory.forEach((memoryMib, inits) -> sizes.add(function(memoryMib, inits)));
        String what = pooled.getTotalCount() + " cold starts of " + runtime + " on " + architecture
                + " by lambda-perf: init, all else takes no time";
        return MeasuredModel.ofService("lambda-perf", source, runtime, architecture, what, function(0, pooled), sizes);
    }

    private static MeasuredFunction function(int memoryMib, PackedHistogram inits) {
        return new MeasuredFunction(
                "", memoryMib, WorkModel.MEMORY_SHARE, Map.of(Part.INIT_FUNCTION.key(), QuantileTable.of(inits)));
    }
}
