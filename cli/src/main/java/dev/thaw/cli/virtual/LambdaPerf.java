package dev.thaw.cli.virtual;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.thaw.results.CauseText;
import dev.thaw.scheduler.virtual.EnvironmentModel;
import dev.thaw.scheduler.virtual.WorkModel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.HdrHistogram.PackedHistogram;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model from lambda-perf's daily measurements of real cold starts (anchors.md section 3): a daily JSON file, a folder of
 * them, or all samples as one CSV, plain or packed by gzip. Inits of one runtime, together and by memory size; of warm
 * invocations the data says nothing.
 */
public final class LambdaPerf {
    private static final int DIGITS = 3;
    private static final double NS_PER_MS = 1e6;
    private static final JsonMapper JSON = JsonMapper.builder().build();

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
            reading.readAll();
        } catch (IOException e) {
            throw new IllegalArgumentException(source + ": cannot be read: " + CauseText.of(e), e);
        }
        return reading.model();
    }

    private void readAll() throws IOException {
        if (Files.isDirectory(source)) {
            try (Stream<Path> files = Files.list(source)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                        .sorted()
                        .toList()) {
                    readDay(file);
                }
            }
        } else if (source.toString().endsWith(".json")) {
            readDay(source);
        } else {
            readSamples();
        }
    }

    private void readDay(Path file) throws IOException {
        JsonNode data;
        try {
            data = JSON.readTree(Files.readString(file)).path("runtimeData");
        } catch (JacksonException e) {
            throw wrong(file, 1, "not JSON", e);
        }
        if (!data.isArray()) {
            throw wrong(file, 1, "runtimeData: missing, must be an array", null);
        }
        for (JsonNode cell : data) {
            if (matches(cell.path("d").asString(""), cell.path("a").asString(""))) {
                for (JsonNode initMs : cell.path("i")) {
                    add(file, 1, cell.path("m").asInt(0), initMs.asString(""));
                }
            }
        }
    }

    private void readSamples() throws IOException {
        long row = 1;
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(open())) {
            for (NamedCsvRecord record : reader) {
                row++;
                if (matches(record.getField("runtime"), record.getField("arch"))) {
                    int memoryMib = Integer.parseInt(record.getField("memory_mb"));
                    for (String initMs : record.getField("init_ms_samples").split(";", -1)) {
                        add(source, row, memoryMib, initMs);
                    }
                }
            }
        } catch (NoSuchElementException | NumberFormatException e) {
            throw wrong(source, row, "not lambda-perf's samples: " + e.getMessage(), e);
        }
    }

    private InputStreamReader open() throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(source));
        InputStream plain = source.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
        return new InputStreamReader(plain, StandardCharsets.UTF_8);
    }

    private boolean matches(String cellRuntime, String cellArchitecture) {
        known.add(cellRuntime);
        return cellRuntime.equals(runtime) && cellArchitecture.equals(architecture);
    }

    private void add(Path file, long row, int memoryMib, String initMs) {
        if (initMs.isBlank()) {
            return;
        }
        double ms;
        try {
            ms = Double.parseDouble(initMs);
        } catch (NumberFormatException e) {
            throw wrong(file, row, "init: '" + initMs + "', must be ms", e);
        }
        if (!(ms >= 0 && ms < 1e6)) {
            throw wrong(file, row, "init: '" + initMs + "' ms, must be 0 to 1000000", null);
        }
        long ns = Math.round(ms * NS_PER_MS);
        pooled.recordValue(ns);
        byMemory.computeIfAbsent(memoryMib, _ -> new PackedHistogram(DIGITS)).recordValue(ns);
    }

    private static IllegalArgumentException wrong(
            Path file, long row, String what, @org.jspecify.annotations.Nullable Exception cause) {
        return new IllegalArgumentException(file + ":" + row + ": " + what, cause);
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
        return new MeasuredModel(
                MeasuredModel.SCHEMA,
                what,
                Map.of(
                        "dataset",
                        "lambda-perf",
                        "file",
                        String.valueOf(source.getFileName()),
                        "runtime",
                        runtime,
                        "architecture",
                        architecture,
                        "backend",
                        "AWS Lambda"),
                EnvironmentModel.DEFAULT_INIT_MILLI_VCPUS,
                function(0, pooled),
                sizes);
    }

    private static MeasuredFunction function(int memoryMib, PackedHistogram inits) {
        return new MeasuredFunction(
                "", memoryMib, WorkModel.MEMORY_SHARE, Map.of(Part.INIT_FUNCTION.key(), QuantileTable.of(inits)));
    }
}
