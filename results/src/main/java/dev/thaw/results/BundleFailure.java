package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
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

    static IOException cannotWrite(Path path, IOException cause) {
        return new IOException(path + ": cannot write the run: " + CauseText.of(cause), cause);
    }
}
