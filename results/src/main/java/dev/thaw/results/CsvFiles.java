package dev.thaw.results;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.thaw.results.pauses.CpuWait;
import dev.thaw.results.pauses.Pause;
import dev.thaw.results.pauses.Pauses;
import dev.thaw.results.pauses.RunPauses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The two small tables of a bundle: {@code fleet.csv} and {@code seconds.csv}. */
final class CsvFiles {
    static final String FLEET = "fleet.csv";
    static final String SECONDS = "seconds.csv";
    static final String PAUSES = "pauses.csv";
    static final List<String> FLEET_COLUMNS = List.of(
            "at_ns",
            "starting",
            "busy",
            "idle",
            "frozen",
            "resetting",
            "waiting",
            "created",
            "expired",
            "evicted",
            "failed",
            "refused");

    private CsvFiles() {}

    static void writeSeconds(Path directory, Seconds seconds) throws IOException {
        try (CsvWriter writer = CsvWriter.builder().build(directory.resolve(SECONDS))) {
            List<Seconds.Column> columns = List.of(Seconds.Column.ALL);
            writer.writeRecord(
                    Stream.concat(Stream.of("second"), columns.stream().map(column -> column.key))
                            .toList());
            for (int second = 0; second < seconds.size(); second++) {
                int row = second;
                writer.writeRecord(Stream.concat(
                                Stream.of(Long.toString(row * seconds.width())),
                                columns.stream().map(column -> Long.toString(seconds.get(column, row))))
                        .toList());
            }
        }
    }

    static void writePauses(Path directory, RunPauses pauses) throws IOException {
        try (CsvWriter writer = CsvWriter.builder().build(directory.resolve(PAUSES))) {
            writer.writeRecord("process", "kind", "from_ns", "to_ns", "held_ns");
            writePauses(writer, "server", pauses.server());
            writePauses(writer, "generator", pauses.generator());
        }
    }

    private static void writePauses(CsvWriter writer, String process, @Nullable Pauses pauses) {
        if (pauses == null) {
            return;
        }
        for (Pause each : pauses.all()) {
            writePause(writer, process, each.kind().key(), each.fromNs(), each.toNs(), each.durationNs());
        }
        List<CpuWait> waits = pauses.cpuWaits();
        if (waits != null) {
            waits.forEach(each -> writePause(writer, process, "cpuWait", each.fromNs(), each.toNs(), each.waitedNs()));
        }
    }

    private static void writePause(CsvWriter writer, String process, String kind, long fromNs, long toNs, long heldNs) {
        writer.writeRecord(process, kind, Long.toString(fromNs), Long.toString(toNs), Long.toString(heldNs));
    }

    /** All rows, or none where the file does not exist. Fails with one line that names the file. */
    static List<NamedCsvRecord> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
            return reader.stream().toList();
        } catch (RuntimeException e) {
            throw new IOException(file + ": not a table: " + e.getMessage(), e);
        }
    }
}
