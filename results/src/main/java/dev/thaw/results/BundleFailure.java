package dev.thaw.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The first thing that went wrong with a bundle's files while the run went on.
 *
 * <p>Threading: any thread.
 */
final class BundleFailure {
    private final AtomicReference<@Nullable String> line = new AtomicReference<>();

    void remember(Path file, Exception cause) {
        line.compareAndSet(null, file + ": " + CauseText.of(cause));
    }

    Optional<String> line() {
        return Optional.ofNullable(line.get());
    }

    /** What a run writes at its end. */
    @FunctionalInterface
    interface Ending {
        void write() throws IOException;
    }

    /** Writes the last files and the report; what went wrong, now or before, is one line more. */
    void end(Path directory, List<String> lines, Ending ending) {
        line().ifPresent(lines::add);
        try {
            ending.write();
            Report.write(RunBundle.load(directory));
        } catch (IOException | UncheckedIOException e) {
            if (line().isEmpty()) {
                remember(directory, e);
                line().ifPresent(lines::add);
            }
        }
    }

    /** Takes away what would look like a run. */
    void forget(Path directory) {
        try {
            BundleDirectory.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            remember(directory, e);
        }
    }

    static IOException cannotWrite(Path path, IOException cause) {
        return new IOException(path + ": cannot write the run: " + CauseText.of(cause), cause);
    }
}
