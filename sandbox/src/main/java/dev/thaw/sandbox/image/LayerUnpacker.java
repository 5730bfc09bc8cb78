package dev.thaw.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Applies layers to a folder, one after the other: files, folders, links, and whiteouts that take away what lower layers
 * brought. Whatever the tar says, nothing outside the folder is written, read or linked to. Owners, extended attributes
 * and the set-user and set-group bits are dropped: a sandbox has one user and no privileges.
 *
 * <p>Threading: not safe.
 */
final class LayerUnpacker {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    /** Bookkeeping of an old storage driver; no content. */
    private static final String BOOKKEEPING = ".wh..wh.";

    private static final int NAME_BYTES_MAX = 255;
    private static final int PATH_BYTES_MAX = 4096;
    private static final int HEADER_BYTES = 512;

    private final Path root;
    private final long bytesMax;
    private final Set<Path> ofThisLayer = new HashSet<>();
    private final byte[] buffer = new byte[65536];
    private long unpackedBytes;

    /** {@code root} is an empty folder; {@code bytesMax} bounds what all layers together may bring. */
    LayerUnpacker(Path root, long bytesMax) {
        this.root = root;
        this.bytesMax = bytesMax;
    }

    /** Fails with one line that begins with {@code layer}. */
    void apply(String layer, InputStream tar) throws IOException {
        ofThisLayer.clear();
        TarArchiveInputStream entries = new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name());
        for (TarArchiveEntry entry = next(layer, entries); entry != null; entry = next(layer, entries)) {
            try {
                charge(HEADER_BYTES);
                apply(entry, entries);
            } catch (IOException | InvalidPathException | UncheckedIOException failure) {
                throw new IOException(
                        layer + ": entry " + FileFault.shown(entry.getName()) + ": " + FileFault.describe(failure),
                        failure);
            }
        }
    }

    private static @Nullable TarArchiveEntry next(String layer, TarArchiveInputStream entries) throws IOException {
        try {
            return entries.getNextEntry();
        } catch (IOException | RuntimeException damaged) {
            // The parser answers some damage with unchecked exceptions.
            throw new IOException(layer + ": cannot be read as a tar: " + FileFault.describe(damaged), damaged);
        }
    }

    private void charge(long bytes) throws IOException {
        unpackedBytes += bytes;
        if (unpackedBytes > bytesMax) {
            throw new IOException("the image holds more than " + bytesMax + " bytes unpacked");
        }
    }

    private void apply(TarArchiveEntry entry, InputStream content) throws IOException {
        String path = checked(entry.getName());
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.equals(OPAQUE) && ("/" + path).contains("/" + BOOKKEEPING)) {
            return;
        }
        Path folder = folder(path.substring(0, path.length() - name.length()));
        if (name.isEmpty()) {
            requireFolder(entry);
        } else if (name.equals(OPAQUE)) {
            removeLower(folder, folder);
        } else if (name.startsWith(WHITEOUT)) {
            String hidden = name.substring(WHITEOUT.length());
            if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
                throw new IOException("hides no name");
            }
            removeLower(folder.resolve(hidden), null);
        } else {
            Path file = folder.resolve(name);
            if (create(entry, content, file)) {
                ofThisLayer.add(file);
            }
        }
    }

    /** The path without decoration: its names, separated by one slash each; empty for the root. */
    private static String checked(String path) throws IOException {
        if (path.getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
            throw new IOException("longer than " + PATH_BYTES_MAX + " bytes");
        }
        StringBuilder plain = new StringBuilder();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                throw new IOException("leads out of the image");
            }
            if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX || name.indexOf('\0') >= 0) {
                throw new IOException("a name must be at most " + NAME_BYTES_MAX + " bytes, none of them zero");
            }
            if (!name.isEmpty() && !name.equals(".")) {
                plain.append(plain.isEmpty() ? "" : "/").append(name);
            }
        }
        return plain.toString();
    }

    /** The folder that a path names inside, links followed; made where it is missing. */
    private Path folder(String path) throws IOException {
        Path at = root;
        for (Path name : root.relativize(ImageRoot.follow(root, path))) {
            at = at.resolve(name);
            if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("lies in a file");
                }
                Files.createDirectory(at);
                setMode(at, 0755);
                ofThisLayer.add(at);
            }
        }
        return at;
    }

    private static void requireFolder(TarArchiveEntry entry) throws IOException {
        if (!entry.isDirectory()) {
            throw new IOException("the root must be a folder");
        }
    }

    /** False where the entry is left out. */
    private boolean create(TarArchiveEntry entry, InputStream content, Path file) throws IOException {
        if (entry.isDirectory()) {
            makeRoom(file, true);
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(file);
            }
            // Its owner must get in again, to clear up.
            setMode(file, entry.getMode() | 0700);
            return true;
        }
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_SYMLINK -> {
                makeRoom(file, false);
                Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            }
            case TarConstants.LF_LINK -> link(file, entry.getLinkName());
            case TarConstants.LF_NORMAL,
                    TarConstants.LF_OLDNORM,
                    TarConstants.LF_CONTIG,
                    TarConstants.LF_GNUTYPE_SPARSE -> write(entry, content, file);
            case TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO -> {
                // The sandbox has a /dev of its own.
                if (!root.relativize(file).startsWith("dev")) {
                    throw new IOException("is a device or a pipe");
                }
                return false;
            }
            default ->
                throw new IOException("has type " + FileFault.shown("" + (char) entry.getLinkFlag())
                        + ", must be a file, folder or link");
        }
        return true;
    }

    private void link(Path file, String name) throws IOException {
        Path target = ImageRoot.locate(root, checked(name));
        boolean linkable = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(target);
        if (!linkable) {
            throw new IOException("links to " + FileFault.shown(name) + ", which is no file before it");
        }
        if (!target.equals(file)) {
            makeRoom(file, false);
            Files.createLink(file, target);
        }
    }

    private void write(TarArchiveEntry entry, InputStream content, Path file) throws IOException {
        makeRoom(file, false);
        // Exclusive: never through a link.
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                charge(count);
                out.write(buffer, 0, count);
            }
        }
        setMode(file, entry.getMode());
        Files.setLastModifiedTime(file, entry.getLastModifiedTime());
    }

    /** What is there goes, unless it is a folder and may stay one. */
    private static void makeRoom(Path file, boolean forFolder) throws IOException {
        boolean folder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        if (folder && !forFolder) {
            FileTree.delete(file);
        } else if (!folder) {
            Files.deleteIfExists(file);
        }
    }

    /** Takes away what lower layers brought, but not {@code kept} itself. */
    private void removeLower(Path tree, @Nullable Path kept) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!ofThisLayer.contains(file)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (!folder.equals(kept) && !ofThisLayer.contains(folder) && FileTree.isEmpty(folder)) {
                    Files.delete(folder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void setMode(Path file, int mode) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromHigh = PosixFilePermission.values();
        for (int bit = 0; bit < fromHigh.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                permissions.add(fromHigh[bit]);
            }
        }
        Files.setPosixFilePermissions(file, permissions);
    }
}
