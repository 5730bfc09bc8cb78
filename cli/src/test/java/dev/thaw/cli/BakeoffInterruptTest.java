package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep that is killed, as a process of its own, goes on from where it was. */
@Tag("slow")
final class BakeoffInterruptTest {
    @TempDir
    private Path directory;

    private List<String> arguments(Path runs, String... more) throws IOException {
        Path trace = directory.resolve("trace.csv");
        if (!Files.exists(trace)) {
            StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
            for (int startMs = 0; startMs < 100_000; startMs++) {
                rows.append("f-")
                        .append(startMs % 97)
                        .append(',')
                        .append(startMs)
                        .append(",30,128\n");
            }
            Files.writeString(trace, rows);
        }
        List<String> arguments = new ArrayList<>(List.of("bakeoff", trace.toString(), "--runs", runs.toString()));
        arguments.addAll(List.of("--keep-alive", "1s,10s,lru", "--seeds", "1..20"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Path onlyBundle(Path runs) {
        return list(runs).getFirst();
    }

    /** Nothing where there is no folder yet. */
    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long cells(Path runs) {
        return list(runs).stream()
                .flatMap(bundle -> list(bundle.resolve("cells")).stream())
                .filter(cell -> cell.toString().endsWith(".json"))
                .count();
    }

    @Test
    void shouldGoOnAfterItWasKilled() throws IOException, InterruptedException {
        Path runs = directory.resolve("killed");
        try (Child child = Child.launch(arguments(runs).toArray(String[]::new))) {
            Await.until("three cells are kept", () -> cells(runs) >= 3);
            child.signal("KILL");
            child.end();
        }
        Path bundle = onlyBundle(runs);
        assertThat(bundle.resolve("summary.json")).doesNotExist();
        assertThat(cells(runs)).isBetween(3L, 59L);

        Cli resumed = Cli.run(arguments(runs, "--resume", bundle.toString()).toArray(String[]::new));
        Cli whole = Cli.run(arguments(directory.resolve("whole")).toArray(String[]::new));

        assertThat(resumed.exit()).as(resumed.err()).isZero();
        assertThat(RunBundle.load(bundle).summary())
                .isEqualTo(
                        RunBundle.load(onlyBundle(directory.resolve("whole"))).summary());
        assertThat(whole.exit()).isZero();
    }
}
