package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of files that are whole or not there: made under another name, which says by whom, and renamed.
 *
 * <p>Threading: safe on any thread and in several processes.
 */
final class ImageFolder {
    private static final Pattern PARTIAL = Pattern.compile("making-(\\d+)-.*");

    /** How long what nobody uses stays. */
    static final Duration KEPT = Duration.ofDays(7);

    private final Path folder;

    ImageFolder(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** What makes a file or a folder at a path that is not there yet. */
    interface Maker {
        void make(Path at) throws IOException;
    }

    Path resolve(String name) {
        return folder.resolve(name);
    }

    /** The file or folder of this name, which {@code maker} makes where it is not there. */
    Path get(String name, Maker maker) throws IOException {
        Path whole = folder.resolve(name);
        if (!Files.exists(whole)) {
            put(name, maker);
        }
        return whole;
    }

    /** Makes it anew; a file takes the place of an older one. */
    void put(String name, Maker maker) throws IOException {
        Path work = scratch();
        try {
            Path made = work.resolve("made");
            maker.make(made);
            move(made, folder.resolve(name));
        } finally {
            ScratchFolders.deleteTree(work);
        }
    }

    /** Where it is a folder and another one was faster, that one's is as good. */
    private static void move(Path made, Path whole) throws IOException {
        try {
            Files.move(made, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException lost) {
            if (!Files.isDirectory(whole)) {
                throw lost;
            }
        }
    }

    /** An empty folder to work in; what killed processes left of theirs is removed on the way. */
    Path scratch() throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.filter(ImageFolder::isStale).toList()) {
                ScratchFolders.deleteTree(child);
            }
        }
        return Files.createTempDirectory(
                folder, "making-" + ProcessHandle.current().pid() + "-");
    }

    private static boolean isStale(Path path) {
        Matcher name = PARTIAL.matcher(path.getFileName().toString());
        return name.matches() && !Files.exists(Path.of("/proc", name.group(1)));
    }

    /** Marks a file as used now. */
    static void touch(Path file, Instant now) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(now));
        } catch (IOException notOurs) {
            // Only costs its place in the order of removal.
        }
    }

    /** Marks as used what another copy of thaw, which makes others, is not to remove. */
    Path used(String name, Instant now) {
        Path file = folder.resolve(name);
        touch(file, now);
        return file;
    }

    /** Removes what has this prefix and was not used for long: other copies of thaw may still use theirs. */
    void removeUnused(String prefix, Duration kept, Instant now) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.filter(
                            path -> path.getFileName().toString().startsWith(prefix))
                    .filter(path -> !path.toString().endsWith(".packages"))
                    .filter(path -> used(path).isBefore(now.minus(kept)))
                    .toList()) {
                ScratchFolders.deleteTree(child);
            }
        }
    }

    /** Removes the files that were not used for longest until the rest is within a bound; never those just used. */
    void evict(long bytesMax, Duration kept, Instant now) throws IOException {
        List<Path> oldestFirst = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile).forEach(oldestFirst::add);
        }
        oldestFirst.sort(Comparator.comparing(ImageFolder::used));
        long bytes = 0;
        for (Path file : oldestFirst) {
            bytes += Files.size(file);
        }
        for (Path file : oldestFirst) {
            if (bytes <= bytesMax || used(file).isAfter(now.minus(kept))) {
                return;
            }
            bytes -= Files.size(file);
            Files.deleteIfExists(file);
        }
    }

    private static Instant used(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
