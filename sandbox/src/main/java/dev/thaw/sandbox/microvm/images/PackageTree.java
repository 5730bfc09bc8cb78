package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian packages unpacked into a folder, as a root. None of their scripts runs: what these would have done and
 * functions need is done here.
 */
final class PackageTree {
    /** In the file systems of today these are links into {@code /usr}; some packages still bring them as folders. */
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");

    /** Nothing that a program reads while it runs. */
    private static final List<String> UNNEEDED = List.of(
            "usr/share/doc",
            "usr/share/man",
            "usr/share/info",
            "usr/share/locale",
            "usr/share/lintian",
            "usr/share/bug",
            "usr/share/bash-completion",
            "usr/share/applications",
            "usr/share/pixmaps",
            "usr/share/icons",
            "var/cache",
            "var/lib",
            "etc/cron.daily",
            "etc/systemd",
            "boot");

    private static final List<String> MOUNT_POINTS = List.of(
            "proc", "sys", "dev", "run", "tmp", "etc", "var/task", "var/runtime", "opt", "usr/bin", "usr/lib/locale");

    private final Path root;

    PackageTree(Path root) {
        this.root = root;
    }

    void unpack(List<Path> packages) throws IOException {
        for (Path file : packages) {
            HostCommand.run("dpkg-deb", "--extract", file.toString(), root.toString());
        }
    }

    /** Makes it a root that functions run in, of user {@code userId}. */
    void settle(String userName, int userId, int groupId) throws IOException {
        for (String name : MERGED) {
            merge(root.resolve(name), root.resolve("usr").resolve(name));
            link(name, "usr/" + name);
        }
        for (String path : UNNEEDED) {
            ScratchFolders.deleteTree(root.resolve(path));
        }
        for (String path : MOUNT_POINTS) {
            Files.createDirectories(root.resolve(path));
        }
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        // Lambda's is bash, and the developer guide's own runtime counts on it.
        Files.deleteIfExists(root.resolve("usr/bin/sh"));
        link("usr/bin/sh", "bash");
        link("usr/bin/awk", "mawk");
        writeAccounts(userName, userId, groupId);
        writeCertificates();
    }

    /** Moves what is in a folder into another. */
    private static void merge(Path from, Path into) throws IOException {
        if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.createDirectories(into);
        try (Stream<Path> children = Files.list(from)) {
            for (Path child : children.toList()) {
                Path to = into.resolve(child.getFileName());
                if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                    merge(child, to);
                } else {
                    Files.move(child, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Files.delete(from);
    }

    /** A link, unless something is there. */
    void link(String path, String target) throws IOException {
        Path at = root.resolve(path);
        if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(at.resolveSibling("."));
            Files.createSymbolicLink(at, Path.of(target));
        }
    }

    private void writeAccounts(String userName, int userId, int groupId) throws IOException {
        write("etc/passwd", """
                root:x:0:0:root:/:/bin/sh
                %s:x:%d:%d::/tmp:/bin/sh
                nobody:x:65534:65534:nobody:/:/bin/false
                """.formatted(userName, userId, groupId));
        write("etc/group", "root:x:0:\n%s:x:%d:\nnogroup:x:65534:\n".formatted(userName, groupId));
        write("etc/hosts", "127.0.0.1 localhost sandbox.localdomain sandbox\n");
        write("etc/resolv.conf", "");
        write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
    }

    /** All certificates of the package in one file, where OpenSSL looks for it. */
    private void writeCertificates() throws IOException {
        Path certificates = root.resolve("usr/share/ca-certificates");
        if (!Files.isDirectory(certificates)) {
            return;
        }
        Path bundle = root.resolve("etc/ssl/certs/ca-certificates.crt");
        Files.createDirectories(bundle.resolveSibling("."));
        try (Stream<Path> files = Files.walk(certificates);
                OutputStream out = Files.newOutputStream(bundle)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Files.copy(file, out);
            }
        }
        link("usr/lib/ssl/cert.pem", "/etc/ssl/certs/ca-certificates.crt");
    }

    private void write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.deleteIfExists(file);
        Files.writeString(file, content);
    }
}
