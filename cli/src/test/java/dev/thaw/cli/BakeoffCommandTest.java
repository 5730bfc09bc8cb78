package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code thaw bakeoff} as its user meets it. */
final class BakeoffCommandTest {
    @TempDir
    private Path directory;

    private Path trace() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 3_600_000; startMs += 20_000) {
            for (int function = 1; function <= 9; function++) {
                if (startMs / 20_000 % function == 0) {
                    rows.append("every-")
                            .append(function * 20)
                            .append("s,")
                            .append(startMs)
                            .append(",100,256\n");
                }
            }
        }
        return Files.writeString(directory.resolve("hour.csv"), rows);
    }

    private List<String> arguments(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("bakeoff", trace().toString()));
        arguments.addAll(List.of("--runs", directory.resolve("runs").toString()));
        arguments.addAll(List.of("--keep-alive", "30s,90s,10m", "--seeds", "1..2"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static RunBundle bundle(Cli cli) throws IOException {
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).as(cli.out()).isZero();
        return cli.bundle();
    }

    @Test
    void shouldCompareKeepAlivesInOneTable() throws IOException {
        Cli cli = Cli.run(arguments().toArray(String[]::new));

        RunBundle bundle = bundle(cli);
        JsonNode table = bundle.summary().path("combinations");
        assertThat(table.size()).isEqualTo(3);
        // Fewest cold starts first: longer keep-alives have fewer of them and more idle memory.
        List<Double> idle = new ArrayList<>();
        List<String> names = new ArrayList<>();
        table.forEach(each -> {
            names.add(each.path("policies").path("keepAlive").asString());
            idle.add(each.path("figures").path("idleGbSeconds").path("mean").asDouble());
            assertThat(each.path("best").asBoolean()).isTrue();
        });
        assertThat(names).containsExactly("10m", "90s", "30s");
        assertThat(idle).isSortedAccordingTo((left, right) -> Double.compare(right, left));
        assertThat(cli.out()).contains("| policies | cold, % |", "| 10m mru \\* |");
        assertThat(Files.readString(bundle.directory().resolve("report.html"))).contains("data-chart=\"pareto\"");
    }

    @Test
    void shouldSimulateOnlyWhatIsMissing() throws IOException {
        RunBundle whole = bundle(Cli.run(arguments().toArray(String[]::new)));
        Path cells = whole.directory().resolve("cells");
        Path kept = cells.resolve("10m_mru_1.json");
        FileTime before = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(kept, before);
        Files.delete(cells.resolve("10m_mru_2.json"));
        Files.writeString(cells.resolve("30s_mru_1.json"), "{ half a");
        Files.delete(whole.directory().resolve("summary.json"));

        RunBundle again = bundle(
                Cli.run(arguments("--resume", whole.directory().toString()).toArray(String[]::new)));

        assertThat(again.directory()).isEqualTo(whole.directory());
        assertThat(again.summary()).isEqualTo(whole.summary());
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(before);
        assertThat(cells.resolve("10m_mru_2.json")).exists();
    }

    @Test
    void shouldNotGoOnWithOtherSettings() throws IOException {
        Path run = bundle(Cli.run(arguments().toArray(String[]::new))).directory();

        Cli cli = Cli.run(arguments("--resume", run.toString(), "--hosts", "3").toArray(String[]::new));

        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(cli.errLines()).containsExactly("thaw: " + run + ": hosts: is '3', must be '1' as when it began");
    }

    @Test
    void shouldNotGoOnWithoutASettingOrWithAlmostTheSame() throws IOException {
        Path run = bundle(Cli.run(arguments("--local-snapshot", "25.2ms").toArray(String[]::new)))
                .directory();

        Cli none = Cli.run(arguments("--resume", run.toString()).toArray(String[]::new));
        Cli other = Cli.run(arguments("--resume", run.toString(), "--local-snapshot", "25.9ms")
                .toArray(String[]::new));

        assertThat(none.err()).contains("localSnapshotMs: is '', must be '25.2' as when it began");
        assertThat(other.err()).contains("localSnapshotMs: is '25.9', must be '25.2' as when it began");
    }

    @Test
    void shouldNotGoOnWithAChangedTemplate() throws IOException {
        Path template = directory.resolve("template.yaml");
        String text = """
                Resources:
                  every-20s:
                    Type: AWS::Serverless::Function
                    Properties:
                      CodeUri: .
                      Handler: f.f
                      Runtime: provided.al2023
                      Timeout: 3
                """;
        Files.writeString(template, text);
        Path run = bundle(Cli.run(arguments("--template", template.toString()).toArray(String[]::new)))
                .directory();
        Files.writeString(template, text.replace("Timeout: 3", "Timeout: 4"));

        Cli cli = Cli.run(arguments("--resume", run.toString(), "--template", template.toString())
                .toArray(String[]::new));

        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(cli.err()).contains("templateSha256: is '");
    }

    /** As many rows, functions and invocations. */
    @Test
    void shouldNotGoOnWithAnotherTraceOfTheSameName() throws IOException {
        Path run = bundle(Cli.run(arguments().toArray(String[]::new))).directory();
        String[] again = arguments("--resume", run.toString()).toArray(String[]::new);
        Path trace = directory.resolve("hour.csv");
        Files.writeString(trace, Files.readString(trace).replaceFirst(",100,256", ",101,256"));

        Cli cli = Cli.run(again);

        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        assertThat(cli.errLines()).singleElement().asString().startsWith("thaw: " + run + ": trace.sha256: is '");
    }

    @Test
    void shouldKeepPoliciesApartWhoseNamesBeginAlike() throws IOException {
        String weights =
                "weighted-fair:" + "every-20s=1,every-40s=1,every-60s=1,every-80s=1,every-100s=1,every-120s=1,";
        Cli cli = Cli.run(arguments("--queueing", weights + "every-140s=1,every-160s=1," + weights + "every-140s=2")
                .toArray(String[]::new));

        RunBundle bundle = bundle(cli);
        assertThat(bundle.summary().path("combinations").size()).isEqualTo(6);
        try (Stream<Path> cells = Files.list(bundle.directory().resolve("cells"))) {
            assertThat(cells).hasSize(12);
        }
    }
}
