package dev.thaw.results.imports;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.thaw.results.ImportedBundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reads lambda-perf's measurements of real cold starts (anchors.md section 3): a daily JSON file, or tables of samples as
 * CSV; plain or packed. A zero is none: the service tells inits by 0.01 ms and the shortest of 1,630,365 published
 * samples took 4.76 ms, so nothing that was measured is 0.
 *
 * <p>Threading: one thread.
 */
public final class LambdaPerfData {
    private static final double MOST_MS = 1e6;
    private static final double MOST_MB = 1e6;
    private static final String INITS = "init_ms_samples";
    /** The names of the daily JSON by those of the tables. */
    private static final Map<String, String> KEYS = Map.of(
            "runtime", "d",
            "package", "p",
            "memory_mb", "m",
            "arch", "a",
            "avg_duration_ms", "ad",
            "avg_max_memory_used_mb", "mu");

    private final Path file;
    private final Consumer<ColdStartCell> to;

    private LambdaPerfData(Path file, Consumer<ColdStartCell> to) {
        this.file = file;
        this.to = to;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException in one line, {@code file:row: what}
     */
    public static void read(Path file, Consumer<ColdStartCell> to) throws IOException {
        try (BufferedReader text = Place.open(file)) {
            read(file, text, to);
        }
    }

    static void read(Path file, BufferedReader text, Consumer<ColdStartCell> to) throws IOException {
        LambdaPerfData data = new LambdaPerfData(file, to);
        if (Place.isJsonObject(text)) {
            data.day(Place.json(file, text));
        } else {
            Place.csv(file, text, "lambda-perf's samples", data::sample);
        }
    }

    private void day(JsonNode root) {
        JsonNode cells = root.path("runtimeData");
        if (!cells.isArray()) {
            throw new Place(file, 1).wrong("runtimeData: missing, must be an array");
        }
        String generated = root.path("metadata").path("generatedAt").asString("");
        double at = seconds(
                new Place(file, 1),
                "metadata.generatedAt",
                generated,
                text -> Instant.parse(text).atOffset(ZoneOffset.UTC).toLocalDate());
        int index = 0;
        for (JsonNode cell : cells) {
            Place place = new Place(file, 1, "runtimeData[" + index++ + "]: ");
            List<String> inits = cell.path("i")
                    .valueStream()
                    .map(each -> each.asString(each.toString()))
                    .toList();
            cell(place, at, name -> cell.path(KEYS.getOrDefault(name, name)).asString(""), inits);
        }
    }

    private void sample(Place place, NamedCsvRecord row) {
        Function<String, String> fields = name -> row.findField(name).orElse("");
        double at = seconds(place, "date", fields.apply("date"), LocalDate::parse);
        cell(place, at, fields, List.of(row.getField(INITS).split(";", -1)));
    }

    private static double seconds(Place place, String name, String text, Function<String, LocalDate> parse) {
        if (text.isEmpty()) {
            return ImportedBundle.NO_TIME;
        }
        try {
            return parse.apply(text).toEpochSecond(LocalTime.MIDNIGHT, ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw place.wrong(name + ": '" + text + "', must be a date", e);
        }
    }

    private void cell(Place place, double atSeconds, Function<String, String> fields, List<String> inits) {
        String runtime = fields.apply("runtime");
        String architecture = fields.apply("arch");
        if (runtime.isEmpty()) {
            throw place.wrong("runtime: missing");
        }
        if (!architecture.equals(Importer.X86_64) && !architecture.equals(Importer.ARM64)) {
            throw place.wrong("arch: '" + architecture + "', must be x86_64 or arm64");
        }
        to.accept(new ColdStartCell(
                atSeconds,
                runtime,
                fields.apply("package"),
                place.memoryMb("memory_mb", fields.apply("memory_mb")),
                architecture,
                inits.stream()
                        .mapToDouble(each -> optional(place, "init", each, "ms", MOST_MS))
                        .filter(each -> each > 0)
                        .toArray(),
                optional(place, "avg_duration_ms", fields.apply("avg_duration_ms"), "ms", MOST_MS),
                optional(place, "avg_max_memory_used_mb", fields.apply("avg_max_memory_used_mb"), "MB", MOST_MB)));
    }

    private static double optional(Place place, String name, String text, String unit, double most) {
        return text.isBlank() ? 0 : place.number(name, text, unit, most);
    }
}
