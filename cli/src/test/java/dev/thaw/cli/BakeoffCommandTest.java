package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
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
        String last = cli.out().lines().reduce((_, line) -> line).orElseThrow();
        return RunBundle.load(Path.of(last.substring("run: ".length())));
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
}
