package dev.thaw.scheduler.control.code;

import dev.thaw.scheduler.control.state.FullDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Unpacks one zip into an empty folder. What the zip says of its sizes is not believed: what comes out is counted. */
final class ZipUnpacker {
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final int MAX_LINK_BYTES = 4_000;

    private final Path target;
    private final Map<Path, String> links = new LinkedHashMap<>();
    private final byte[] buffer = new byte[65_536];
    private long unzippedBytes;

    private ZipUnpacker(Path target) {
        this.target = target;
    }

    /** Unpacks into the folder, which exists; returns what it holds in bytes. Whoever calls clears up after a refusal. */
    static long unpack(SeekableByteChannel zip, Path target) throws IOException, PackageRefused {
        try (ZipFile content = ZipFile.builder()
                .setSeekableByteChannel(zip)
                .setIgnoreLocalFileHeader(true)
                .get()) {
            return new ZipUnpacker(target).unpack(content);
        } catch (IllegalArgumentException | IOException damaged) {
            if (damaged instanceof IOException && (FullDisk.isCauseOf(damaged) || !Files.isDirectory(target))) {
                throw damaged;
            }
            throw PackageRefused.broken("is damaged");
        }
    }

    private long unpack(ZipFile content) throws IOException, PackageRefused {
        PackageRules rules = new PackageRules();
        Map<ZipArchiveEntry, String> names = new LinkedHashMap<>();
        List<ZipArchiveEntry> entries = Collections.list(content.getEntries());
        if (entries.isEmpty()) {
            throw PackageRefused.empty();
        }
        if (entries.size() > PackageRules.MAX_ENTRIES) {
            throw PackageRefused.broken("holds more than " + PackageRules.MAX_ENTRIES + " entries");
        }
        for (ZipArchiveEntry entry : entries) {
            names.put(entry, rules.judge(entry));
        }
        for (Map.Entry<ZipArchiveEntry, String> each : names.entrySet()) {
            extract(content, each.getKey(), each.getValue());
        }
        makeLinks();
        return unzippedBytes;
    }

    private void extract(ZipFile content, ZipArchiveEntry entry, String name) throws IOException, PackageRefused {
        Path file = place(name);
        if (entry.isDirectory()) {
            makeFolders(file);
        } else if (entry.isUnixSymlink()) {
            links.put(file, linkTarget(content, entry, name));
        } else {
            makeFolders(file.resolveSibling("."));
            write(content, entry, file, name);
            Files.setPosixFilePermissions(file, mode(entry));
        }
    }

    private Path place(String name) throws PackageRefused {
        try {
            return target.resolve(name);
        } catch (InvalidPathException e) {
            throw PackageRefused.broken("entry " + PackageRules.shown(name) + " cannot be a file's name here");
        }
    }

    /** Not by a single call: the mode that a process makes folders with may be narrower. */
    private void makeFolders(Path folder) throws IOException {
        Path normal = folder.normalize();
        if (normal.startsWith(target) && !Files.isDirectory(normal)) {
            makeFolders(normal.resolveSibling("."));
            Files.createDirectory(normal);
            Files.setPosixFilePermissions(normal, FOLDER_MODE);
        }
    }

    private void write(ZipFile content, ZipArchiveEntry entry, Path file, String name)
            throws IOException, PackageRefused {
        CRC32 crc = new CRC32();
        try (InputStream in = content.getInputStream(entry);
                OutputStream out = Files.newOutputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                unzippedBytes += count;
                if (unzippedBytes > PackageRules.MAX_UNZIPPED_BYTES) {
                    throw PackageRefused.oversized();
                }
                crc.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        }
        if (crc.getValue() != entry.getCrc()) {
            throw PackageRefused.broken("entry " + PackageRules.shown(name) + " is damaged: its checksum differs");
        }
    }

    private static String linkTarget(ZipFile content, ZipArchiveEntry entry, String name)
            throws IOException, PackageRefused {
        try (InputStream in = content.getInputStream(entry)) {
            byte[] text = in.readNBytes(MAX_LINK_BYTES + 1);
            String link = new String(text, StandardCharsets.UTF_8);
            if (text.length == 0 || text.length > MAX_LINK_BYTES || link.startsWith("/") || link.indexOf('\0') >= 0) {
                throw PackageRefused.broken("link " + PackageRules.shown(name) + " must lead to a relative path");
            }
            return link;
        }
    }

    /** Last: no file is written by way of a link. A link may lead anywhere inside the package, and nowhere else. */
    private void makeLinks() throws IOException, PackageRefused {
        for (Map.Entry<Path, String> link : links.entrySet()) {
            makeFolders(link.getKey().resolveSibling("."));
            Files.createSymbolicLink(link.getKey(), Path.of(link.getValue()));
        }
        Path root = target.toRealPath();
        for (Path link : links.keySet()) {
            if (!Files.exists(link) || !link.toRealPath().startsWith(root)) {
                String name = target.relativize(link).toString();
                throw PackageRefused.broken(
                        "link " + PackageRules.shown(name) + " leads out of the package or nowhere");
            }
        }
    }

    /** As packed, but always readable for the function: a zip made elsewhere may carry no modes at all. */
    private static Set<PosixFilePermission> mode(ZipArchiveEntry entry) {
        Set<PosixFilePermission> mode = EnumSet.copyOf(FILE_MODE);
        int bits = entry.getUnixMode();
        // From the owner's read permission to the others' execute, as PosixFilePermission lists them.
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((bits & (0400 >> permission.ordinal())) != 0) {
                mode.add(permission);
            }
        }
        return mode;
    }
}
