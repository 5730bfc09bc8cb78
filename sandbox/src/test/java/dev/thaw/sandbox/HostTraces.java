package dev.thaw.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process that runs sandboxes has left on its host. */
public final class HostTraces {
    private HostTraces() {}

    /** Open descriptors of this process, each with what it leads to. */
    public static Set<String> descriptors() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.map(HostTraces::target).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String target(Path fd) {
        try {
            return fd.getFileName() + " " + Files.readSymbolicLink(fd);
        } catch (IOException gone) {
            return "";
        }
    }

    /** Control groups that a process has made for sandboxes. */
    public static List<Path> groupsOf(long pid) throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of("/sys/fs/cgroup"))) {
            return paths.filter(path -> path.toString().contains("thaw-" + pid + "-"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException vanished) {
            return groupsOf(pid);
        }
    }

    /** What lies in the scratch folders of a process. */
    public static List<Path> scratchOf(long pid) throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> paths = Files.walk(parent, 3)) {
            return paths.filter(path -> path.startsWith(parent)
                            && path.toString().startsWith(parent + "/thaw-sandboxes-" + pid + "-"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException vanished) {
            return scratchOf(pid);
        }
    }

    /** A JVM of a class's main method, beside this one. */
    public static Process startJvm(Class<?> main, String... arguments) throws IOException {
        List<String> words = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()),
                        Stream.of(arguments))
                .toList();
        return new ProcessBuilder(words).redirectErrorStream(true).start();
    }
}
