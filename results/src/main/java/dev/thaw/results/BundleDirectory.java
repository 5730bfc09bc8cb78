package dev.thaw.results;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** Makes the folder of a new bundle: {@code runsDirectory/<utc>-<name>}. */
final class BundleDirectory {
    /** Less room than this is a full disk: a bundle without rows takes about half. */
    static final long MIN_FREE_BYTES = 4L << 20;

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_SAME_INSTANT = 1000;

    private BundleDirectory() {}

    /** Fails with one line that names the path and the cause. */
    static Path create(Path runsDirectory, String name, long epochMs) throws IOException {
        try {
            Files.createDirectories(runsDirectory);
            long freeBytes = Files.getFileStore(runsDirectory).getUsableSpace();
            if (freeBytes < MIN_FREE_BYTES) {
                throw new IOException("disk full: " + freeBytes + " bytes free, needs at least " + MIN_FREE_BYTES);
            }
            return createFresh(runsDirectory, UTC.format(Instant.ofEpochMilli(epochMs)) + "-" + safe(name));
        } catch (IOException e) {
            throw BundleFailure.cannotWrite(runsDirectory, e);
        }
    }

    private static Path createFresh(Path runsDirectory, String id) throws IOException {
        for (int attempt = 1; attempt < MAX_SAME_INSTANT; attempt++) {
            try {
                return Files.createDirectory(runsDirectory.resolve(attempt == 1 ? id : id + "-" + attempt));
            } catch (FileAlreadyExistsException e) {
                // Another run began in the same millisecond: take the next number.
            }
        }
        throw new IOException("too many runs named " + id);
    }

    /** Takes a folder away, with everything in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A name that is one path element anywhere. */
    static String safe(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[.-]+", "");
        return safe.isEmpty() ? "run" : safe.substring(0, Math.min(safe.length(), 100));
    }
}
