package dev.thaw.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
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
        line.compareAndSet(null, file + ": " + describe(cause));
    }

    Optional<String> line() {
        return Optional.ofNullable(line.get());
    }

    /** The cause in words, without the path that the caller names already. */
    static String describe(Exception cause) {
        return switch (cause) {
            case UncheckedIOException e when e.getCause() != null -> describe(e.getCause());
            case AccessDeniedException ignored -> "permission denied";
            case FileAlreadyExistsException ignored -> "exists and is not a directory";
            case NotDirectoryException ignored -> "not a directory";
            case NoSuchFileException ignored -> "no such file or directory";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    static IOException cannotWrite(Path path, IOException cause) {
        return new IOException(path + ": cannot write the run: " + describe(cause), cause);
    }
}
