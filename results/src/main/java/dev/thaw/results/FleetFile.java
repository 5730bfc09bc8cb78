package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The {@code fleet.csv} of a bundle while its run goes on: a row for each look at the fleet. What cannot be written is
 * remembered as the run's failure.
 *
 * <p>Threading: one thread.
 */
final class FleetFile implements AutoCloseable {
    private final Path file;
    private final BundleFailure failure;
    private final CsvWriter writer;

    FleetFile(Path directory, BundleFailure failure) throws IOException {
        this.failure = failure;
        file = directory.resolve(CsvFiles.FLEET);
        WatchedStream out = WatchedStream.open(file, failure);
        writer = CsvWriter.builder().autoFlush(true).build(new OutputStreamWriter(out, UTF_8));
        writer.writeRecord(CsvFiles.FLEET_COLUMNS);
    }

    void write(FleetSample sample) {
        try {
            writer.writeRecord(Stream.of(
                            sample.atNs(),
                            sample.starting(),
                            sample.busy(),
                            sample.idle(),
                            sample.frozen(),
                            sample.resetting(),
                            sample.waiting(),
                            sample.created(),
                            sample.expired(),
                            sample.evicted(),
                            sample.failed(),
                            sample.refused())
                    .map(Number::toString)
                    .toList());
        } catch (UncheckedIOException e) {
            failure.remember(file, e);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            failure.remember(file, e);
        }
    }
}
