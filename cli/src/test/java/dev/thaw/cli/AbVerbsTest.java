package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Verbs other than {@code load} in turns, by this build and by another one; each run a process of its own. */
@Tag("slow")
@Timeout(120)
final class AbVerbsTest {
    private static final String QUICK = "--jvm -XX:TieredStopAtLevel=1";
    /** What the launcher tells: where examples and kernels are. */
    private static final String INSTALLED = "--jvm -Dthaw.root="
            + Path.of(System.getProperty("thaw.root", "..")).toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    /** Twenty virtual seconds of one function; the first 300 ms are all that a replay has to wait for. */
    private Path trace(int everyMs, int count) throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int row = 0; row < count; row++) {
            rows.append("f,").append(row * everyMs).append(",5,128\n");
        }
        return Files.writeString(directory.resolve("own.csv"), rows);
    }

    private Cli ab(List<String> variants, List<String> more, String... command) {
        List<String> arguments = new ArrayList<>(List.of("ab", "--rounds", "2", "--pause", "0s", "--warm-up", "0s"));
        variants.forEach(each -> arguments.addAll(List.of("--variant", each)));
        arguments.addAll(List.of("--runs", directory.resolve("runs").toString()));
        arguments.addAll(more);
        arguments.add("--");
        arguments.addAll(List.of(command));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private Path set() throws IOException {
        return list(directory.resolve("runs")).getFirst();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Two runs of a variant, in their order. */
    private List<RunBundle> runs(String variant) throws IOException {
        List<RunBundle> runs = new ArrayList<>();
        for (Path each : list(set().resolve(variant))) {
            runs.add(RunBundle.load(each));
        }
        assertThat(runs).as(variant).hasSize(2);
        return runs;
    }

    private static void assertCompared(Cli cli) {
        assertThat(cli.exit()).as(cli.err() + cli.out()).isZero();
        assertThat(cli.out())
                .contains("ended after 2 rounds: all rounds are done", "units: 2 and 2 whole runs, paired");
    }

    private static List<String> configured(List<RunBundle> runs, String setting) {
        return runs.stream()
                .map(run -> run.manifest().path("configuration").path(setting).asString("none"))
                .toList();
    }

    @Test
    void shouldGoOnAfterTheLastCompleteRoundWithSimulationsOfAnotherBuild() throws IOException {
        OtherBuild other = OtherBuild.in(directory.resolve("other"));
        List<String> variants =
                List.of("here: " + QUICK, "there: --thaw " + other.folder() + " --keep-alive 0ms " + QUICK);
        String[] command = {"simulate", trace(500, 40).toString(), "--keep-alive", "10m"};
        other.breakAt("--seed 2");

        Cli stopped = ab(variants, List.of(), command);

        assertThat(stopped.exit()).isEqualTo(Main.EXIT_OVER_BUDGET);
        assertThat(stopped.errLines())
                .singleElement()
                .asString()
                .startsWith("thaw: variant there, round 2: run ended with exit code 1: broken on purpose (see ");
        assertThat(stopped.out())
                .endsWith(
                        "stopped: 1 complete rounds are kept; the same command with --resume " + set() + " goes on\n");
        Path first = list(set().resolve("there")).getFirst();
        byte[] summary = Files.readAllBytes(first.resolve("summary.json"));
        other.mend();
        List<String> resume = List.of("--resume", set().toString());

        Cli refused = ab(variants, resume, "simulate", command[1], "--keep-alive", "9m");
        assertThat(refused.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(refused.errLines()).singleElement().asString().contains("--keep-alive 9m', must be '", "10m");

        Cli resumed = ab(variants, resume, command);

        assertCompared(resumed);
        assertThat(list(directory.resolve("runs"))).as("no other set").hasSize(1);
        assertThat(list(set().resolve("there")).getFirst()).isEqualTo(first);
        assertThat(first.resolve("summary.json")).hasBinaryContent(summary);
        assertThat(other.calls())
                .as("round 1, round 2 that failed, round 2")
                .hasSize(3)
                .allSatisfy(call -> assertThat(call)
                        .startsWith("[-XX:TieredStopAtLevel=1] simulate ")
                        .contains("--keep-alive 0ms"))
                .satisfiesExactly(
                        call -> assertThat(call).contains("--seed 1"),
                        call -> assertThat(call).contains("--seed 2"),
                        call -> assertThat(call).contains("--seed 2"));
        assertThat(configured(runs("here"), "keepAlive")).containsOnly("10m");
        assertThat(configured(runs("there"), "keepAlive")).containsOnly("0ms");
        for (RunBundle run : runs("there")) {
            assertThat(run.kind()).isEqualTo("simulate");
            assertThat(run.summary().path("coldStarts").path("triggered").asLong())
                    .isEqualTo(40);
        }
    }

    @Test
    void shouldReplayATraceAtTwoSpeeds() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Cli cli = ab(
                List.of("once: " + INSTALLED + " " + QUICK, "twice: --speedup 2 " + INSTALLED + " " + QUICK),
                List.of(),
                "replay",
                trace(100, 8).toString(),
                "--warm-up",
                "0s",
                "--lateness-budget",
                "30s");

        assertCompared(cli);
        assertThat(cli.out()).contains("differs: trace.durationSec: 0.700 -> 0.350");
        for (String variant : List.of("once", "twice")) {
            assertThat(runs(variant)).allSatisfy(run -> {
                assertThat(run.kind()).isEqualTo("replay");
                assertThat(run.summary().path("invocations").path("ok").asLong())
                        .isEqualTo(8);
            });
        }
    }

    @Test
    void shouldTimeKernelsByAJar() throws IOException, InterruptedException {
        Host.requireSandboxes(); // which builds the kernels in C
        Path jar = OtherBuild.in(directory.resolve("other")).jar();
        Cli cli = ab(
                List.of("here: " + INSTALLED + " " + QUICK, "there: --thaw " + jar + " " + INSTALLED + " " + QUICK),
                List.of(),
                "arch",
                "--kernels=dot",
                "--builds=x86_64-scalar",
                "--passes=1",
                "--rounds=1",
                "--round-time=1ms");

        assertCompared(cli);
        assertThat(cli.out()).contains("speed");
        for (String variant : List.of("here", "there")) {
            assertThat(runs(variant)).allSatisfy(run -> {
                assertThat(run.kind()).isEqualTo("arch");
                assertThat(run.summary().path("kernels").size()).isEqualTo(1);
            });
        }
    }

    @Test
    void shouldRunBenchmarksWithOptionsOfJmhItself() throws IOException {
        Cli cli = ab(
                List.of("a: " + QUICK, "b: " + QUICK),
                List.of(),
                "jmh",
                "LatencyRecordingBenchmark",
                "--",
                "-f",
                "0",
                "-wi",
                "0",
                "-i",
                "1",
                "-r",
                "10ms");

        assertCompared(cli);
        assertThat(cli.out()).contains("allocation");
        for (String variant : List.of("a", "b")) {
            assertThat(runs(variant)).allSatisfy(run -> assertThat(run.kind()).isEqualTo("jmh"));
        }
    }
}
