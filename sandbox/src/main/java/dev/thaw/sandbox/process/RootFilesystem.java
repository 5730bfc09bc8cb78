package dev.thaw.sandbox.process;

import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The read-only root that every sandbox sees, put together once: the host's {@code /usr}, the few files of {@code /etc}
 * that programs need to run, a minimal {@code /dev}, and mount points. Nothing of the host's users, secrets or state.
 */
final class RootFilesystem {
    /** Files and folders under {@code /etc} that loaders, TLS, locales and language runtimes read. */
    private static final List<String> ETC = List.of(
            "ld.so.cache",
            "alternatives",
            "ssl/openssl.cnf",
            "ssl/certs",
            "pki/tls/certs",
            "pki/ca-trust/extracted",
            "pki/java",
            "crypto-policies",
            "ca-certificates/extracted",
            "mime.types",
            "java");

    static final String BASH = "/usr/bin/bash";
    static final String DASH = "/usr/bin/dash";

    private static final int[] DEVICE_MINORS = {3, 5, 7, 8, 9};
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom");

    private RootFilesystem() {}

    /** Builds it in an empty folder. {@code /usr} stays an empty mount point. */
    static void build(Path root) throws IOException {
        for (String directory :
                List.of("usr", "var/task", "var/runtime", "var/lang", "opt", "tmp", "proc", "dev", "etc")) {
            Files.createDirectories(root.resolve(directory));
        }
        for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64")) {
            if (Files.isSymbolicLink(Path.of("/", name))) {
                Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
            } else if (Files.isDirectory(Path.of("/", name))) {
                Files.createDirectories(root.resolve(name));
            }
        }
        writeEtc(root.resolve("etc"));
    }

    /** Top folders of the host that are no links into {@code /usr}, and {@code /usr} itself: bound read-only. */
    static List<String> hostFolders() {
        return Stream.of("usr", "bin", "sbin", "lib", "lib32", "lib64")
                .filter(name -> Files.isDirectory(Path.of("/", name), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** The host's {@code sh} is dash: Lambda's is bash, and the developer guide's own runtime counts on it. */
    static boolean isDash() throws IOException {
        Path shell = Path.of("/bin/sh");
        return Files.exists(shell)
                && shell.toRealPath().equals(Path.of(DASH))
                && Files.isRegularFile(Path.of(BASH), LinkOption.NOFOLLOW_LINKS);
    }

    private static void writeEtc(Path etc) throws IOException {
        Files.writeString(etc.resolve("passwd"), """
                root:x:0:0:root:/:/bin/sh
                %s:x:%d:%d::/tmp:/bin/sh
                nobody:x:65534:65534:nobody:/:/bin/false
                """.formatted(
                        BubblewrapCommand.USER_NAME, BubblewrapCommand.USER_ID, BubblewrapCommand.GROUP_ID));
        Files.writeString(
                etc.resolve("group"),
                "root:x:0:\n%s:x:%d:\nnogroup:x:65534:\n"
                        .formatted(BubblewrapCommand.USER_NAME, BubblewrapCommand.GROUP_ID));
        Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost sandbox.localdomain sandbox\n");
        Files.writeString(etc.resolve("nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
        for (String name : ETC) {
            copy(Path.of("/etc", name), etc.resolve(name));
        }
        copyJavaSettings(etc);
    }

    /** Debian keeps a JDK's settings in {@code /etc/java-17-openjdk} and the like. */
    private static void copyJavaSettings(Path etc) throws IOException {
        try (Stream<Path> children = Files.list(Path.of("/etc"))) {
            for (Path source : children.filter(
                            path -> path.getFileName().toString().startsWith("java-"))
                    .toList()) {
                copy(source, etc.resolve(source.getFileName().toString()));
            }
        }
    }

    /** Copies what others may read, links as links. Names are never text here: some are none in this JVM's encoding. */
    static void copy(Path source, Path target) throws IOException {
        if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.createDirectories(target.resolveSibling("."));
        try (Stream<Path> tree = Files.walk(source)) {
            for (Path from : tree.toList()) {
                Path to = target.resolve(source.relativize(from));
                if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(to);
                } else if (isForOthers(from)) {
                    Files.copy(from, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static boolean isForOthers(Path file) throws IOException {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        return mode.charAt(6) == 'r' && (Files.isSymbolicLink(file) || Files.isRegularFile(file));
    }

    /** Fills a folder on a file system that allows devices. */
    static void makeDevices(Path dev) throws IOException {
        for (int i = 0; i < DEVICES.size(); i++) {
            String path = dev.resolve(DEVICES.get(i)).toString();
            Kernel.check(Kernel.makeCharacterDevice(path, 1, DEVICE_MINORS[i]), "mknod " + path);
            Files.setPosixFilePermissions(Path.of(path), PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        Files.createSymbolicLink(dev.resolve("fd"), Path.of("/proc/self/fd"));
        Files.createSymbolicLink(dev.resolve("stdin"), Path.of("/proc/self/fd/0"));
        Files.createSymbolicLink(dev.resolve("stdout"), Path.of("/proc/self/fd/1"));
        Files.createSymbolicLink(dev.resolve("stderr"), Path.of("/proc/self/fd/2"));
    }
}
