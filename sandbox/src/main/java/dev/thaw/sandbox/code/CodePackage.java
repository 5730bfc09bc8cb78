package dev.thaw.sandbox.code;

import dev.thaw.sandbox.image.Sha256;
import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * A deployment package or a layer: a folder as it lies, or a zip unpacked once into a cache (contract.md section 12).
 *
 * <p>Threading: safe on any thread and in several processes: an unpacked zip appears in the cache at once or not at all.
 */
public final class CodePackage {
    /** Quota of an unzipped package. */
    public static final long UNZIPPED_BYTES_MAX = 250L << 20;

    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwxr-xr-x");

    private CodePackage() {}

    /**
     * The folder to mount.
     *
     * @param folderOrZip the package
     * @param cacheDirectory where zips are unpacked, each into a folder named by its content's SHA-256
     * @throws IOException with one line that names the package and what is wrong with it
     */
    public static Path prepare(Path folderOrZip, Path cacheDirectory) throws IOException {
        if (Files.isDirectory(folderOrZip)) {
            return folderOrZip.toAbsolutePath().normalize();
        }
        if (!Files.isRegularFile(folderOrZip)) {
            throw new IOException(folderOrZip + ": no such folder or zip");
        }
        Path unpacked = cacheDirectory.toAbsolutePath().resolve(Sha256.hex(folderOrZip));
        if (!Files.isDirectory(unpacked)) {
            unpack(folderOrZip, unpacked);
        }
        return unpacked;
    }

    private static void unpack(Path zip, Path target) throws IOException {
        Files.createDirectories(target.resolveSibling("."));
        Path partial = Files.createTempDirectory(target.getParent(), "unpacking");
        try {
            extract(zip, partial);
            Files.setPosixFilePermissions(partial, FOLDER_MODE);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failure) {
            ScratchFolders.deleteTree(partial);
            if (!Files.isDirectory(target)) {
                throw failure;
            }
            // Another process was faster with the same content.
        }
    }

    private static void extract(Path zip, Path target) throws IOException {
        try (FileSystem content = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"));
                Stream<Path> entries = Files.walk(content.getPath("/"))) {
            long leftBytes = UNZIPPED_BYTES_MAX;
            for (Path entry : (Iterable<Path>) entries::iterator) {
                leftBytes -= extractEntry(zip, entry, target, leftBytes);
            }
        } catch (ZipException | ProviderNotFoundException damaged) {
            throw new IOException(zip + ": cannot be read as a zip: " + damaged.getMessage(), damaged);
        } catch (UncheckedIOException failure) {
            throw new IOException(zip + ": " + failure.getMessage(), failure);
        }
    }

    private static long extractEntry(Path zip, Path entry, Path target, long leftBytes) throws IOException {
        Path file = target.resolve(entry.toString().substring(1)).normalize();
        if (!file.startsWith(target)) {
            throw new IOException(zip + ": entry " + entry + " leads out of the package");
        }
        if (Files.isDirectory(entry)) {
            Files.createDirectories(file);
            Files.setPosixFilePermissions(file, FOLDER_MODE);
            return 0;
        }
        if (Files.readAttributes(entry, BasicFileAttributes.class).isSymbolicLink()) {
            throw new IOException(zip + ": entry " + entry + " is a symbolic link");
        }
        long sizeBytes = copyBounded(zip, entry, file, leftBytes);
        Files.setPosixFilePermissions(file, mode(entry));
        return sizeBytes;
    }

    /** Counts what comes out: what the zip says of itself need not be true. */
    private static long copyBounded(Path zip, Path entry, Path file, long leftBytes) throws IOException {
        long sizeBytes = 0;
        byte[] buffer = new byte[65536];
        try (InputStream in = Files.newInputStream(entry);
                var out = Files.newOutputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sizeBytes += count;
                if (sizeBytes > leftBytes) {
                    throw new IOException(
                            zip + ": holds more than " + UNZIPPED_BYTES_MAX + " bytes unzipped (250 MiB)");
                }
                out.write(buffer, 0, count);
            }
        }
        return sizeBytes;
    }

    /** As packed, but always readable for the function: a zip made elsewhere may carry no modes at all. */
    private static Set<PosixFilePermission> mode(Path entry) throws IOException {
        Set<PosixFilePermission> mode = EnumSet.copyOf(FILE_MODE);
        mode.addAll(Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS));
        return mode;
    }
}
