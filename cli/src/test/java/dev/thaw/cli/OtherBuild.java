package dev.thaw.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another build of thaw, as a folder with its launcher and as a jar: both start the classes under test. The launcher keeps
 * its JVM's options and what it was told, line by line, and fails once where that holds the text in {@code broken}.
 */
final class OtherBuild {
    private final Path folder;

    private OtherBuild(Path folder) {
        this.folder = folder;
    }

    static OtherBuild in(Path folder) throws IOException {
        Files.createDirectories(folder);
        String text = """
                #!/bin/sh
                echo "[${THAW_JVM_OPTIONS:-}] $*" >> '%1$s/calls'
                if [ -e '%1$s/broken' ] && echo "$*" | grep -qF -e "$(cat '%1$s/broken')"; then
                    echo 'thaw: broken on purpose' >&2
                    exit 1
                fi
                exec '%2$s' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow '-Dthaw.root=%3$s' \\
                    ${THAW_JVM_OPTIONS:-} -cp '%4$s' %5$s "$@"
                """.formatted(
                        folder,
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("thaw.root"),
                        System.getProperty("java.class.path"),
                        Main.class.getName());
        Path launcher = Files.writeString(folder.resolve("thaw"), text);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new OtherBuild(folder);
    }

    Path folder() {
        return folder;
    }

    /** The same build as a jar, which names what it needs itself. */
    Path jar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(":"))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        Path jar = folder.resolve("thaw.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** It fails where it is told this. */
    void breakAt(String words) throws IOException {
        Files.writeString(folder.resolve("broken"), words);
    }

    void mend() throws IOException {
        Files.delete(folder.resolve("broken"));
    }

    /** What it was told, but for help: its JVM's options in brackets, then its words. */
    List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls")).stream()
                .filter(call -> !call.endsWith(" --help"))
                .toList();
    }
}
