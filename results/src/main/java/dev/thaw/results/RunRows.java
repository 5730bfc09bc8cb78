package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NoSuchElementException;

/** The rows of a bundle, read back one at a time. */
public final class RunRows {
    /** Takes one row; the sample is valid during the call. */
    @FunctionalInterface
    public interface RowSink {
        void accept(String function, Sample sample);
    }

    private final Path file;
    private final Sample sample = new Sample();

    private RunRows(Path file) {
        this.file = file;
    }

    /** Reads all rows, in the order of their endings, and returns how many. Fails with one line that names file and row. */
    public static long read(RunBundle bundle, RowSink sink) throws IOException {
        Path file = bundle.directory().resolve(RowsFile.NAME);
        if (!Files.isRegularFile(file)) {
            throw new IOException(bundle.directory() + ": has no rows: " + RowsFile.NAME + " is missing");
        }
        return new RunRows(file).readAll(sink);
    }

    private long readAll(RowSink sink) throws IOException {
        long rows = 0;
        try (InputStreamReader in =
                        new InputStreamReader(new ZstdInputStreamNoFinalizer(Files.newInputStream(file)), UTF_8);
                CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(in)) {
            for (NamedCsvRecord row : reader) {
                rows++;
                fill(row);
                sink.accept(row.getField("function"), sample);
            }
        } catch (NumberFormatException | NoSuchElementException e) {
            throw new IOException(file + ":" + (rows + 1) + ": not a row of a run: " + e.getMessage(), e);
        }
        return rows;
    }

    private void fill(NamedCsvRecord row) {
        sample.intendedStartNs = number(row, "intended_start_ns");
        sample.sentNs = number(row, "sent_ns");
        sample.doneNs = number(row, "done_ns");
        sample.status = status(row.getField("status"));
        sample.serverKnown = !row.getField("outside_ns").isEmpty();
        ServerRecord server = sample.server;
        server.clear();
        for (Phase phase : Phase.ALL) {
            server.phasesNs[phase.ordinal()] = Math.max(0, number(row, RowsFile.column(phase)));
        }
        server.coldTrigger = number(row, "cold_trigger") == 1;
        server.coldVictim = number(row, "cold_victim") == 1;
        server.suppressedInit = number(row, "suppressed_init") == 1;
        server.outOfMemory = number(row, "out_of_memory") == 1;
        server.throttledNs = number(row, "throttled_ns");
        server.cpuNs = number(row, "cpu_ns");
        server.peakMemoryBytes = number(row, "peak_memory_bytes");
        server.billedMs = Math.max(0, number(row, "billed_ms"));
        server.memoryMib = (int) Math.max(0, number(row, "memory_mib"));
        server.environmentId = number(row, "environment_id");
        server.hostId = (int) number(row, "host_id");
        server.extensionOverhangNs = numberOfLaterVersions(row, "extension_overhang_ns");
        server.unbilledInitMs = Math.max(0, numberOfLaterVersions(row, "unbilled_init_ms"));
    }

    /** -1 where the row does not say. */
    private static long number(NamedCsvRecord row, String column) {
        String field = row.getField(column);
        return field.isEmpty() ? -1 : Long.parseLong(field);
    }

    /** The first versions had no such column. */
    private static long numberOfLaterVersions(NamedCsvRecord row, String column) {
        String field = row.findField(column).orElse("");
        return field.isEmpty() ? -1 : Long.parseLong(field);
    }

    private static SampleStatus status(String key) {
        return Arrays.stream(SampleStatus.ALL)
                .filter(status -> status.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("status '" + key + "'"));
    }
}
