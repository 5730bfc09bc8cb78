package dev.thaw.sandbox.microvm.images;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files of several folders merged into one tree: of two that have the same path the later one wins, folders become one.
 * Names are never text here: some are none in this JVM's encoding. Links stay links.
 */
final class FileSet {
    private final SortedMap<Path, Path> files = new TreeMap<>();
    private final long bytesMax;
    private long bytes;

    /** {@code bytesMax} bounds the content of all files together. */
    FileSet(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Files by their path in the tree, folders before what is in them. */
    SortedMap<Path, Path> files() {
        return files;
    }

    /**
     * Adds a folder and all that is in it at a path of the tree.
     *
     * @throws IOException with one line that names the file that cannot be part of an image
     */
    FileSet add(Path folder, String target) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": no such folder");
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) throws IOException {
                put(Path.of(target).resolve(folder.relativize(from)).normalize(), from, attributes);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path from, BasicFileAttributes attributes) throws IOException {
                put(Path.of(target).resolve(folder.relativize(from)), from, attributes);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path from, @Nullable IOException failure) throws IOException {
                throw new IOException(from + ": cannot be read", failure);
            }
        });
        return this;
    }

    private void put(Path at, Path from, BasicFileAttributes attributes) throws IOException {
        if (attributes.isOther()) {
            throw new IOException(from + ": is neither file, folder nor link");
        }
        Path before = files.get(at);
        boolean wasFolder = before != null && Files.isDirectory(before, LinkOption.NOFOLLOW_LINKS);
        if (wasFolder && !attributes.isDirectory()) {
            files.keySet().removeIf(path -> path.startsWith(at));
        }
        files.put(at, from);
        bytes += attributes.isRegularFile() ? attributes.size() : 0;
        if (bytes > bytesMax) {
            throw new IOException(
                    "code and layers hold more than " + bytesMax + " bytes (" + (bytesMax >> 20) + " MiB) together");
        }
    }

    /** Copies everything into a new folder, with the modes that the files have. */
    void copyTo(Path root) throws IOException {
        Files.createDirectories(root);
        for (var file : files.entrySet()) {
            Path to = root.resolve(file.getKey());
            Files.createDirectories(to.resolveSibling("."));
            if (Files.isDirectory(file.getValue(), LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(to);
            } else {
                Files.copy(file.getValue(), to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        // Once all is in there: a folder need not be writable.
        for (var file : files.entrySet()) {
            if (Files.isDirectory(file.getValue(), LinkOption.NOFOLLOW_LINKS)) {
                Files.setPosixFilePermissions(
                        root.resolve(file.getKey()), Files.getPosixFilePermissions(file.getValue()));
            }
        }
    }
}
