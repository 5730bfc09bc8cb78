package dev.thaw.scheduler.control.code;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Deployment packages by their content, each a folder of its own that holds the zip and what was in it. A package
 * appears at once or not at all, and is the same however often it is put.
 *
 * <p>A package that was put is held until it is let go, so that nobody deletes it before it is written down who uses it.
 *
 * <p>Threading: safe on any thread.
 */
public final class CodeStore {
    private static final String FILES = "files";
    private static final String ZIP = "package.zip";
    private static final String SIZES = "sizes";
    private static final String PARTIAL = ".partial-";
    private static final String DELETED = ".deleted-";

    private final Path folder;
    private final Map<String, Integer> holds = new HashMap<>();

    /** In this folder, which is made; what an earlier process left half done in it is deleted. */
    public CodeStore(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath().normalize());
        try (Stream<Path> left = Files.list(this.folder)) {
            for (Path each : left.filter(path -> path.getFileName().toString().startsWith("."))
                    .toList()) {
                deleteTree(each);
            }
        }
    }

    /** Checks, unpacks and holds a zip. */
    public StoredCode put(byte[] zip) throws IOException, PackageRefused {
        String name = HexFormat.of().formatHex(sha256().digest(zip));
        hold(name);
        try {
            StoredCode known = find(name);
            return known != null ? known : unpack(name, new SeekableInMemoryByteChannel(zip), zip.length);
        } catch (IOException | PackageRefused | RuntimeException refused) {
            letGo(name);
            throw refused;
        }
    }

    /** Puts a zip or, packed as one, a folder. */
    public StoredCode put(Path zipOrFolder) throws IOException, PackageRefused {
        byte[] zip = Files.isDirectory(zipOrFolder) ? FolderPacker.pack(zipOrFolder) : readZip(zipOrFolder);
        return put(zip);
    }

    private static byte[] readZip(Path zip) throws IOException, PackageRefused {
        if (Files.size(zip) > PackageRules.MAX_UNZIPPED_BYTES) {
            throw PackageRefused.oversized();
        }
        return Files.readAllBytes(zip);
    }

    /** Where the files of a package that is held or in use lie. */
    public Path files(String sha256) {
        return folder.resolve(hex(sha256)).resolve(FILES);
    }

    /** The zip of such a package. */
    public Path zip(String sha256) {
        return folder.resolve(hex(sha256)).resolve(ZIP);
    }

    /** A package that was put is no longer held. */
    public void release(StoredCode code) {
        letGo(hex(code.sha256()));
    }

    /** Deletes a package that nobody uses, unless somebody holds it. */
    public void delete(String sha256) throws IOException {
        Path gone;
        synchronized (this) {
            Path dead = folder.resolve(hex(sha256));
            if (holds.containsKey(hex(sha256)) || !Files.isDirectory(dead)) {
                return;
            }
            gone = Files.createTempDirectory(folder, DELETED);
            Files.move(dead, gone.resolve(ZIP), StandardCopyOption.ATOMIC_MOVE);
        }
        deleteTree(gone);
    }

    /** Deletes every package but these and those that are held. */
    public void keepOnly(Set<String> sha256s) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                String name = each.getFileName().toString();
                if (name.length() == 64 && !sha256s.contains(base64(name))) {
                    delete(base64(name));
                }
            }
        }
    }

    private @Nullable StoredCode find(String name) throws IOException {
        Path sizes = folder.resolve(name).resolve(SIZES);
        if (!Files.exists(sizes)) {
            return null;
        }
        String[] numbers = Files.readString(sizes).strip().split(" ", -1);
        return new StoredCode(base64(name), Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    private StoredCode unpack(String name, SeekableInMemoryByteChannel zip, int sizeBytes)
            throws IOException, PackageRefused {
        Path partial = Files.createTempDirectory(
                folder, PARTIAL, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try {
            Path files = Files.createDirectory(partial.resolve(FILES));
            Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-xr-x"));
            long unzippedBytes = ZipUnpacker.unpack(zip, files);
            writeDurably(partial.resolve(ZIP), zip.array());
            Files.writeString(partial.resolve(SIZES), sizeBytes + " " + unzippedBytes + "\n");
            publish(partial, folder.resolve(name));
            return new StoredCode(base64(name), sizeBytes, unzippedBytes);
        } finally {
            deleteTree(partial);
        }
    }

    private synchronized void publish(Path partial, Path whole) throws IOException {
        // Somebody may have been faster with the same content.
        if (!Files.isDirectory(whole)) {
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            written.force(true);
        }
    }

    private synchronized void hold(String name) {
        holds.merge(name, 1, Integer::sum);
    }

    private synchronized void letGo(String name) {
        holds.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
    }

    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String hex(String base64) {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
