package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sweep that is stopped by Ctrl-C or killed, as a process of its own, goes on from where it was. */
@Tag("slow")
@Timeout(180)
final class SweepInterruptTest {
    @TempDir
    private Path directory;

    private Path trace = Path.of("");

    @BeforeEach
    void writeTrace() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 60_000; startMs++) {
            rows.append("f-").append(startMs % 97).append(',').append(startMs).append(",30,128\n");
        }
        trace = Files.writeString(directory.resolve("trace.csv"), rows);
    }

    private String[] bakeoff(Path runs, String... more) {
        return arguments("bakeoff", runs, List.of("--keep-alive", "1s,10s,lru", "--seeds", "1..16"), more);
    }

    private String[] plan(Path runs, String... more) {
        List<String> question = List.of(
                "--objective=cold<5%",
                "--host-memory=2GiB", "--max-hosts=16", "--keep-alive=1s,10s,lru,greedy-dual", "--memory-functions=0");
        return arguments("plan", runs, question, more);
    }

    private String[] arguments(String verb, Path runs, List<String> settings, String... more) {
        List<String> arguments = new ArrayList<>(List.of(verb, trace.toString(), "--runs", runs.toString()));
        arguments.addAll(settings);
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
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
    void shouldGoOnWithABakeoffAfterCtrlCAndAfterItWasKilled() throws IOException, InterruptedException {
        Path runs = directory.resolve("stopped");
        Path bundle = interrupt(runs, bakeoff(runs));
        long kept = cells(runs);
        assertThat(kept).isBetween(3L, 40L);

        try (Child child = Child.launch(bakeoff(runs, "--resume", bundle.toString()))) {
            Await.until("three more cells are kept", () -> cells(runs) >= kept + 3);
            child.signal("KILL");
            child.end();
        }
        assertThat(bundle.resolve("summary.json")).doesNotExist();

        assertSameAsWhole(
                Cli.run(bakeoff(runs, "--resume", bundle.toString())),
                bundle,
                Cli.run(bakeoff(directory.resolve("whole"))));
    }

    @Test
    void shouldGoOnWithAPlanAfterCtrlC() throws IOException, InterruptedException {
        Path runs = directory.resolve("stopped");
        Path bundle = interrupt(runs, plan(runs));

        assertSameAsWhole(
                Cli.run(plan(runs, "--resume", bundle.toString())), bundle, Cli.run(plan(directory.resolve("whole"))));
    }

    /** Runs it until a few cells are kept, then presses Ctrl-C. Returns the only bundle, which looks like no run. */
    private static Path interrupt(Path runs, String[] arguments) throws IOException, InterruptedException {
        try (Child child = Child.launch(arguments)) {
            Await.until("three cells are kept", () -> cells(runs) >= 3);
            child.signal("INT");

            assertThat(child.end()).isEqualTo(Main.EXIT_INTERRUPTED);

            assertThat(list(runs)).hasSize(1);
            Path bundle = onlyBundle(runs);
            assertThat(child.lines())
                    .singleElement()
                    .asString()
                    .startsWith("stopped: ")
                    .endsWith(" kept; the same command with --resume " + bundle + " goes on");
            assertThat(list(bundle))
                    .extracting(each -> String.valueOf(each.getFileName()))
                    .containsExactlyInAnyOrder("manifest.json", "cells");
            assertThat(list(bundle.resolve("cells")))
                    .allSatisfy(each -> assertThat(each.toString()).endsWith(".json"));
            return bundle;
        }
    }

    private void assertSameAsWhole(Cli resumed, Path bundle, Cli whole) {
        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.exit()).as(resumed.out()).isEqualTo(whole.exit());
        Path other = onlyBundle(directory.resolve("whole"));
        assertThat(bundle.resolve("summary.json")).hasSameBinaryContentAs(other.resolve("summary.json"));
    }
}
