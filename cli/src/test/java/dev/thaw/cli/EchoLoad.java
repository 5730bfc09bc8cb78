package dev.thaw.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Two seconds of load on a server's {@code echo}, whose figures may be bad: on a busy machine they are. */
final class EchoLoad {
    /** Planned, which all are sent. */
    static final long COUNT = 200;

    private EchoLoad() {}

    /** The words of the command line. */
    static String[] of(String url, Path directory, String... more) {
        List<String> words = List.of(
                "load",
                "--function",
                "echo",
                "--url",
                url,
                "--rate",
                "100",
                "--duration",
                "2s",
                "--lateness-budget",
                "30s",
                "--runs",
                runs(directory).toString());
        return Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** Where its bundle goes. */
    static Path runs(Path directory) {
        return directory.resolve("loads");
    }
}
