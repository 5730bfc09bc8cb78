package dev.thaw.scheduler.control.code;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Packs a folder as a zip: the same content gives the same bytes, wherever it lies and whenever it was written. */
final class FolderPacker {
    private FolderPacker() {}

    static byte[] pack(Path folder) throws IOException, PackageRefused {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes);
                Stream<Path> walk = Files.walk(folder)) {
            zip.setMethod(ZipEntry.STORED);
            List<Path> paths = walk.filter(path -> !path.equals(folder))
                    .sorted((a, b) -> folder.relativize(a)
                            .toString()
                            .compareTo(folder.relativize(b).toString()))
                    .toList();
            for (Path path : paths) {
                add(zip, folder, path);
                if (bytes.size() > PackageRules.MAX_UNZIPPED_BYTES) {
                    throw PackageRefused.oversized();
                }
            }
        } catch (UncheckedIOException e) {
            throw new IOException(folder + ": " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipArchiveOutputStream zip, Path folder, Path path) throws IOException, PackageRefused {
        String name = folder.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
            write(
                    zip,
                    name,
                    UnixStat.LINK_FLAG | 0777,
                    Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8));
        } else if (Files.isDirectory(path)) {
            write(zip, name + "/", UnixStat.DIR_FLAG | 0755, new byte[0]);
        } else if (Files.isRegularFile(path)) {
            if (Files.size(path) > PackageRules.MAX_UNZIPPED_BYTES) {
                throw PackageRefused.oversized();
            }
            write(zip, name, UnixStat.FILE_FLAG | mode(path), Files.readAllBytes(path));
        } else {
            throw PackageRefused.broken(path + " is no file, folder or link");
        }
    }

    private static void write(ZipArchiveOutputStream zip, String name, int mode, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setTime(0);
        entry.setUnixMode(mode);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putArchiveEntry(entry);
        zip.write(content);
        zip.closeArchiveEntry();
    }

    private static int mode(Path file) throws IOException {
        int bits = 0;
        for (PosixFilePermission permission : Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)) {
            bits |= 0400 >> permission.ordinal();
        }
        return bits;
    }
}
