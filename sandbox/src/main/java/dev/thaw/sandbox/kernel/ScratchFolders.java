package dev.thaw.sandbox.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of backends' scratch folders, {@code thaw-<pid>-<n>}, so that what a killed one leaves can be told and removed. */
public final class ScratchFolders {
    private static final String PREFIX = "thaw-sandboxes-";
    private static final String IMAGES = "thaw-images-";
    private static final String SNAPSHOTS = "thaw-snapshots-";
    private static final Pattern NAME = Pattern.compile("thaw-(sandboxes|images|snapshots)-(\\d+)-\\d+");

    private ScratchFolders() {}

    /** One that is not there: an earlier process of our number, which was killed, may have left some. */
    public static Path next(Path parent, AtomicInteger numbers) {
        String prefix = PREFIX + ProcessHandle.current().pid() + "-";
        Path folder;
        do {
            folder = parent.resolve(prefix + numbers.incrementAndGet()).toAbsolutePath();
        } while (Files.exists(folder, LinkOption.NOFOLLOW_LINKS));
        return folder;
    }

    /** What the name of a folder of unpacked images begins with; digits follow. */
    public static String imagePrefix() {
        return IMAGES + ProcessHandle.current().pid() + "-";
    }

    /** The same of a folder of snapshots. */
    public static String snapshotPrefix() {
        return SNAPSHOTS + ProcessHandle.current().pid() + "-";
    }

    /** Removes folders whose process is gone. */
    public static void removeStale(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            for (Path folder : children.filter(ScratchFolders::isStale).toList()) {
                deleteTree(folder);
            }
        } catch (IOException | UncheckedIOException notOurs) {
            // Another user's, or no folder yet.
            return;
        }
    }

    private static boolean isStale(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches() && !Files.exists(Path.of("/proc", name.group(2)));
    }

    /** Removes a folder as far as this thread can see into it; other mounts are left alone. */
    public static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            paths.sorted(Comparator.reverseOrder()).forEach(ScratchFolders::delete);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
