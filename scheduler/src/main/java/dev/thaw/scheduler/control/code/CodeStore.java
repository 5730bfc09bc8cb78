package dev.thaw.scheduler.control.code;

import dev.thaw.results.digest.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Deployment packages by their content, each a folder of its own that holds the zip and what was in it. A package
 * appears at once or not at all, and is the same however often it is put.
 *
 * <p>What was put is on disk, but of it the zip alone is flushed: {@link #recover} unpacks it again where the machine
 * has stopped since. The files are sealed: {@link PackageSeal} tells where somebody has altered them.
 *
 * <p>A package that was put is held until it is let go, so that nobody deletes it before it is written down who uses it.
 *
 * <p>Threading: safe on any thread.
 */
public final class CodeStore {
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final String FILES = "files";
    private static final String ZIP = "package.zip";
    /** Beside the files of an image, which was flushed with all of them. */
    private static final String IMAGE = "image";

    private static final String PARTIAL = ".partial-";
    private static final String DELETED = ".deleted-";
    private static final String DAMAGED = "damaged-";
    private static final String BOOT = "boot";
    /** Differs each time that the machine has started. */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    /** Beside the folder: packages that a start found nobody to need. */
    private static final String UNUSED = "unused";

    private static final long UNUSED_KEPT_MS = 7L * 24 * 60 * 60 * 1_000;

    private final Path folder;
    private final String bootId;
    private final Map<String, Integer> holds = new HashMap<>();

    /** In this folder, which is made; what an earlier process left half done in it is deleted. */
    public CodeStore(Path folder) throws IOException {
        this(folder, Files.readString(BOOT_ID).strip());
    }

    CodeStore(Path folder, String bootId) throws IOException {
        this.bootId = bootId;
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
        String name = Sha256.hex(zip);
        hold(name);
        try {
            StoredCode known = find(name);
            StoredCode code = known != null ? known : unpackAnew(name, zip);
            flush(folder);
            return code;
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

    /**
     * Copies and holds a container image, the folder of a layout or a tar of one: what has been deployed stays the same
     * whatever becomes of it.
     *
     * @param sha256 hexadecimal, of the layout's index or of the tar
     */
    public StoredCode putImage(Path image, String sha256) throws IOException {
        hold(sha256);
        try {
            StoredCode known = find(sha256);
            if (known == null) {
                setAsideAltered(sha256);
                copyImage(image, sha256);
                flush(folder);
            }
            return new StoredCode(base64(sha256), 0, 0);
        } catch (IOException | RuntimeException refused) {
            letGo(sha256);
            throw refused;
        }
    }

    private void copyImage(Path image, String sha256) throws IOException {
        Path partial = newPartial();
        try {
            Path files = Files.createDirectory(partial.resolve(FILES));
            ImageCopy.copy(image, files, sha256);
            seal(partial, 0, 0);
            Files.createFile(partial.resolve(IMAGE));
            flush(partial);
            publish(partial, folder.resolve(sha256));
        } finally {
            deleteTree(partial);
        }
    }

    /** Where an image lies that is held or in use: a folder or a tar; null where none was put. */
    public @Nullable Path image(String sha256) {
        Path whole = folder.resolve(sha256);
        return Files.exists(whole.resolve(IMAGE)) ? ImageCopy.whole(whole.resolve(FILES)) : null;
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

    /** Deletes a package unless somebody holds it, or it is needed, which is asked last. */
    public void delete(String sha256, Predicate<String> needed) throws IOException {
        Path gone;
        synchronized (this) {
            Path dead = folder.resolve(hex(sha256));
            if (holds.containsKey(hex(sha256)) || needed.test(sha256) || !Files.isDirectory(dead)) {
                return;
            }
            gone = setAside(dead);
        }
        deleteTree(gone);
    }

    private Path setAside(Path dead) throws IOException {
        Path gone = Files.createTempDirectory(folder, DELETED);
        Files.move(dead, gone.resolve(FILES), StandardCopyOption.ATOMIC_MOVE);
        return gone;
    }

    /**
     * Unpacks these again from their zips where the machine has stopped since the last time, or somebody has altered their
     * files. One whose zip is not what it was is kept aside, and is not there any more. Before anything runs.
     *
     * @return a line for each of those, and for what was altered
     */
    public List<String> recover(Set<String> sha256s) throws IOException {
        Path boot = folder.resolve(BOOT);
        List<String> lost = new ArrayList<>();
        boolean sameBoot = Files.exists(boot) && Files.readString(boot).equals(bootId);
        for (String sha256 : sha256s) {
            Path whole = folder.resolve(hex(sha256));
            boolean sealed = PackageSeal.isOn(whole.resolve(FILES));
            boolean flushed = sameBoot || Files.exists(whole.resolve(IMAGE));
            String altered = flushed && sealed ? PackageSeal.problemOf(whole.resolve(FILES)) : null;
            if (!Files.isDirectory(whole) || (flushed && sealed && altered == null)) {
                continue;
            }
            if (!unpackAgain(whole, sha256)) {
                Path aside = folder.resolve(DAMAGED + hex(sha256));
                deleteTree(aside);
                Files.move(whole, aside, StandardCopyOption.ATOMIC_MOVE);
                lost.add(whole + ": " + (altered == null ? "was torn when the machine stopped" : altered)
                        + "; it is kept as " + aside.getFileName()
                        + ", and comes back when the same package is uploaded");
            } else if (altered != null) {
                lost.add(whole + ": " + altered + "; it is unpacked again");
            }
        }
        writeDurably(boot, bootId.getBytes(StandardCharsets.UTF_8));
        flush(folder);
        return lost;
    }

    /** The zip stays where it is; false where it is not the one that was put. */
    private boolean unpackAgain(Path whole, String sha256) throws IOException {
        Path zip = whole.resolve(ZIP);
        byte[] bytes = Files.exists(zip) ? Files.readAllBytes(zip) : new byte[0];
        if (!Sha256.hex(bytes).equals(hex(sha256))) {
            return false;
        }
        Path partial = newPartial();
        try {
            long unzippedBytes = unpack(bytes, partial);
            if (Files.exists(whole.resolve(FILES))) {
                deleteTree(setAside(whole.resolve(FILES)));
            }
            Files.move(partial.resolve(FILES), whole.resolve(FILES), StandardCopyOption.ATOMIC_MOVE);
            seal(whole, bytes.length, unzippedBytes);
            return true;
        } catch (PackageRefused impossible) {
            throw new IllegalStateException(zip + ": was good when it was put", impossible);
        } finally {
            deleteTree(partial);
        }
    }

    /**
     * Moves every package but these and those that are held out of the way, beside this store's folder; what has lain
     * there for a week is deleted. So a mistake about what is needed can be put right.
     */
    public void keepOnly(Set<String> sha256s, long nowEpochMs) throws IOException {
        Path unused = folder.resolveSibling(UNUSED);
        deleteOlder(unused, nowEpochMs - UNUSED_KEPT_MS);
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                String name = each.getFileName().toString();
                if (name.length() == 64 && !sha256s.contains(base64(name))) {
                    moveAside(each, Files.createDirectories(unused).resolve(name), nowEpochMs);
                }
            }
        }
    }

    private synchronized void moveAside(Path from, Path to, long nowEpochMs) throws IOException {
        if (!holds.containsKey(from.getFileName().toString())) {
            deleteTree(to);
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            Files.setLastModifiedTime(to, FileTime.fromMillis(nowEpochMs));
        }
    }

    private static void deleteOlder(Path unused, long oldestEpochMs) throws IOException {
        if (!Files.isDirectory(unused)) {
            return;
        }
        try (Stream<Path> all = Files.list(unused)) {
            for (Path each : all.toList()) {
                if (Files.getLastModifiedTime(each).toMillis() < oldestEpochMs) {
                    deleteTree(each);
                }
            }
        }
    }

    /** Null where it is not there, or not what it was. */
    private @Nullable StoredCode find(String name) throws IOException {
        Path files = folder.resolve(name).resolve(FILES);
        if (!PackageSeal.isOn(files) || PackageSeal.problemOf(files) != null) {
            return null;
        }
        String[] numbers = PackageSeal.figures(files).split(" ", -1);
        return new StoredCode(base64(name), Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    /** Makes room for what is put again. It is deleted by the next start: environments may still run of it. */
    private synchronized void setAsideAltered(String name) throws IOException {
        Path whole = folder.resolve(name);
        if (Files.isDirectory(whole) && PackageSeal.problemOf(whole.resolve(FILES)) != null) {
            Path _ = setAside(whole);
        }
    }

    private StoredCode unpackAnew(String name, byte[] zip) throws IOException, PackageRefused {
        setAsideAltered(name);
        return unpack(name, zip);
    }

    private StoredCode unpack(String name, byte[] zip) throws IOException, PackageRefused {
        Path partial = newPartial();
        try {
            long unzippedBytes = unpack(zip, partial);
            seal(partial, zip.length, unzippedBytes);
            writeDurably(partial.resolve(ZIP), zip);
            flush(partial);
            publish(partial, folder.resolve(name));
            return new StoredCode(base64(name), zip.length, unzippedBytes);
        } finally {
            deleteTree(partial);
        }
    }

    private Path newPartial() throws IOException {
        return Files.createTempDirectory(folder, PARTIAL, PosixFilePermissions.asFileAttribute(FOLDER_MODE));
    }

    private static long unpack(byte[] zip, Path partial) throws IOException, PackageRefused {
        Path files = Files.createDirectory(partial.resolve(FILES));
        Files.setPosixFilePermissions(files, FOLDER_MODE);
        return ZipUnpacker.unpack(new SeekableInMemoryByteChannel(zip), files);
    }

    private static void seal(Path whole, long sizeBytes, long unzippedBytes) throws IOException {
        PackageSeal.write(whole.resolve(FILES), sizeBytes + " " + unzippedBytes);
    }

    private synchronized void publish(Path partial, Path whole) throws IOException {
        // Somebody may have been faster with the same content.
        if (!Files.isDirectory(whole)) {
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        flush(file);
    }

    /** Of a folder the names in it. */
    private static void flush(Path fileOrFolder) throws IOException {
        try (FileChannel written = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
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
        return hex(Base64.getDecoder().decode(base64));
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
