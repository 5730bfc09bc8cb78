package dev.thaw.results.imports;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import dev.thaw.results.PriceList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cold starts of the real service, day by day, as the project lambda-perf publishes them: its daily JSON, and tables
 * made of it. A cell is a runtime, its package and its memory; its group the runtime.
 */
final class LambdaPerf implements Importer {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Kind INIT = new Kind("init", "ms", true, true);
    private static final Kind DURATION = new Kind("firstInvoke", "ms", true, false);
    private static final Kind MEMORY = new Kind("memoryUsed", "MB", true, false);
    private static final Kind COST = new Kind("coldStartCost", "USD/million", true, false);
    private static final double MILLION = 1e6;

    @Override
    public String format() {
        return "lambda-perf";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains("\"runtimeData\"") || head.startsWith("date,runtime,package,memory_mb,arch,");
    }

    @Override
    public boolean isOneRun() {
        return true;
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) throws IOException {
        text.mark(1);
        int first = text.read();
        text.reset();
        if (first == '{') {
            json(MAPPER.readTree(text), into);
        } else {
            try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(text)) {
                csv.forEach(row -> row(row, into));
            }
        }
    }

    private static void json(JsonNode root, Sink into) {
        long at = Instant.parse(root.path("metadata").path("generatedAt").asString(""))
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC);
        for (JsonNode each : root.path("runtimeData")) {
            JsonNode inits = each.path("i");
            double[] samples = new double[inits.size()];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = inits.path(i).asDouble();
            }
            add(
                    new Cell(
                            each.path("d").asString(""),
                            each.path("p").asString(""),
                            each.path("m").asInt(),
                            each.path("a").asString("")),
                    at,
                    samples,
                    each.path("ad").asDouble(0),
                    each.path("mu").asDouble(0),
                    into);
        }
    }

    private static void row(NamedCsvRecord row, Sink into) {
        String[] words = row.getField("init_ms_samples").split(";", -1);
        double[] samples = new double[words.length];
        for (int i = 0; i < words.length; i++) {
            samples[i] = words[i].isEmpty() ? Double.NaN : Double.parseDouble(words[i]);
        }
        add(
                new Cell(
                        row.getField("runtime"),
                        row.getField("package"),
                        Integer.parseInt(row.getField("memory_mb")),
                        row.getField("arch")),
                LocalDate.parse(row.getField("date")).toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC),
                samples,
                number(row.getField("avg_duration_ms")),
                number(row.getField("avg_max_memory_used_mb")),
                into);
    }

    private static double number(String text) {
        return text.isEmpty() ? 0 : Double.parseDouble(text);
    }

    private record Cell(String runtime, String packaging, int memoryMb, String architecture) {}

    private static void add(Cell cell, long atSeconds, double[] inits, double durationMs, double memoryMb, Sink into) {
        ImportedBundle bundle = into.bundle(cell.architecture);
        double at = (double) atSeconds;
        String name = cell.runtime + "/" + cell.packaging + "/" + cell.memoryMb;
        bundle.group(name, cell.runtime);
        PriceList price = PriceList.of(cell.architecture);
        double sum = 0;
        int known = 0;
        for (double init : inits) {
            if (init > 0) {
                bundle.add(name, INIT, at, init, 1);
                sum += init;
                known++;
            }
        }
        if (durationMs > 0) {
            bundle.add(name, DURATION, at, durationMs, 1);
        }
        if (memoryMb > 0) {
            bundle.add(name, MEMORY, at, memoryMb, 1);
        }
        if (price != null && known > 0 && durationMs > 0) {
            // Init is billed since 2025-08-01.
            double gbSeconds = (sum / known + durationMs) / 1000 * cell.memoryMb / 1024;
            bundle.add(name, COST, at, price.usd(gbSeconds) * MILLION + PriceList.USD_PER_MILLION_REQUESTS, 1);
        }
    }
}
