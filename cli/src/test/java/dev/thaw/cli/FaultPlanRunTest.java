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

/** A replay with faults on purpose, as its user meets it. */
@Tag("slow")
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class FaultPlanRunTest {
    private static final int INVOCATIONS = 100;

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireSandboxes() throws IOException, InterruptedException {
        Host.requireSandboxes();
    }

    @Test
    void shouldMeasureSuppressedInitsOfCrashesAndLoseNothing() throws IOException {
        Cli cli = Cli.run(
                "replay", trace().toString(),
                "--runs", directory.resolve("runs").toString(),
                "--logs", directory.resolve("logs").toString(),
                "--lateness-budget", "30s",
                "--fault", "crash@invoke:20%",
                "--fault", "delay@invoke:10%,50ms",
                "--fault-seed", "3");

        assertThat(cli.exit()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out()).contains("faults       injected on purpose: ");
        RunBundle bundle = cli.bundle();
        JsonNode summary = bundle.summary();
        JsonNode faults = summary.path("faults");
        assertThat(faults.path("plan").asString()).isEqualTo("crash@invoke:20%; delay@invoke:10%,50ms");
        assertThat(faults.path("seed").asLong()).isEqualTo(3);
        long crashes = faults.path("injected").path("crash@invoke").asLong();
        long delays = faults.path("injected").path("delay@invoke").asLong();
        assertThat(crashes).isPositive();
        assertThat(delays).isPositive();
        assertThat(faults.path("invocations").asLong()).isEqualTo(crashes + delays);
        JsonNode counts = summary.path("invocations");
        assertThat(counts.path("completed").asLong()).isEqualTo(INVOCATIONS);
        assertThat(counts.path("functionErrors").asLong()).isEqualTo(crashes);
        assertThat(counts.path("lost").asLong(-1)).isZero();
        assertThat(summary.path("coldStarts").path("suppressedInits").asLong()).isPositive();
        assertThat(bundle.manifest().path("faults").path("plan").asString())
                .isEqualTo("crash@invoke:20%; delay@invoke:10%,50ms");
        assertThat(Files.readString(bundle.directory().resolve("report.html"))).contains("Injected on purpose");
        assertThat(Sandboxes.ours().leftovers()).isEmpty();
    }

    private Path trace() throws IOException {
        StringBuilder rows = new StringBuilder("function,start_ms,duration_ms,memory_mb\n");
        for (int startMs = 0; startMs < 50 * INVOCATIONS; startMs += 50) {
            rows.append("often,").append(startMs).append(",10,128\n");
        }
        return Files.writeString(directory.resolve("own.csv"), rows);
    }
}
