package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The same seconds live and virtual. How near they are is measured elsewhere: here the machine may be busy. */
@Tag("slow")
final class FidelityCommandTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
    }

    @Test
    void shouldCompareLiveRunsWithSimulations() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 2_000; startMs += 100) {
            rows.append("f,").append(startMs).append(",20,128\n");
        }
        Path trace = Files.writeString(directory.resolve("short.csv"), rows);

        Cli cli = Cli.run(
                "fidelity", trace.toString(),
                "--live-runs", "2",
                "--virtual-runs", "3",
                "--warm-up", "0s",
                "--runs", directory.resolve("runs").toString(),
                "--logs", directory.resolve("logs").toString(),
                "--lateness-budget", "30s");

        assertThat(cli.exit()).as(cli.out() + cli.err()).isIn(0, Main.EXIT_OVER_BUDGET);
        RunBundle bundle = cli.bundle();
        JsonNode served = bundle.summary().path("measures").get(0);
        assertThat(served.path("key").asString()).isEqualTo("invocations");
        assertThat(served.path("live").get(1).asDouble()).isEqualTo(20);
        assertThat(served.path("virtual").asDouble()).isEqualTo(20);
        assertThat(bundle.summary().path("liveRuns").size())
                .as("without the warm-up")
                .isEqualTo(2);
        assertThat(bundle.directory().resolve("model.json")).isNotEmptyFile();
        assertThat(Files.readString(bundle.directory().resolve("report.html"))).contains("How noisy the host was");
        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }
}
