package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunsCommandTest {
    @TempDir
    private Path runs;

    @BeforeEach
    void writeFourRuns() throws IOException {
        for (String id : new String[] {"1-a", "2-b", "3-c", "4-d"}) {
            Path folder = Files.createDirectory(runs.resolve(id));
            Files.writeString(
                    folder.resolve("manifest.json"),
                    "{\"schema\":1,\"id\":\"" + id + "\",\"opened\":\"2026-01-01T00:00:00Z\"}");
            Files.writeString(folder.resolve("summary.json"), "{\"schema\":1,\"kind\":\"load\"}");
        }
        Files.writeString(runs.resolve("4-d/summary.json"), "{\"schema\":9}");
    }

    private Cli run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--runs";
        all[arguments.length + 1] = runs.toString();
        return Cli.run(all);
    }

    @Test
    void shouldListNameAndTag() {
        assertThat(run("runs", "name", "2-b", "base").exit()).isZero();
        assertThat(run("runs", "tag", "release", "base", "3-c").exit()).isZero();

        assertThat(run("runs").out().lines()).hasSize(4);
        assertThat(run("runs").out()).contains("name: base").contains("unreadable: ", "schema is 9");
        assertThat(run("runs", "--tag", "release").out().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("tags: release"));
        assertThat(run("runs", "name", "nothing", "x").err()).contains("no run 'nothing'");
        assertThat(run("runs", "name", "release", "x").err()).contains("stands for 2 runs, must be 1");
    }

    @Test
    void shouldPruneWhatNobodyLabelledAndLeaveWhatItCannotRead() {
        run("runs", "tag", "keep", "1-a");

        assertThat(run("runs", "prune", "--keep", "0", "--dry-run").out())
                .isEqualTo("would delete 2-b\nwould delete 3-c\n");
        assertThat(run("runs", "prune", "--keep", "1").out()).isEqualTo("deleted 2-b\n");
        assertThat(run("runs", "prune", "--keep", "0", "--older-than", "100000").out())
                .isEmpty();
        assertThat(runs.resolve("2-b")).doesNotExist();
        assertThat(run("runs").out().lines()).hasSize(3);
        assertThat(run("runs", "prune", "--keep", "-1").err()).contains("must be at least 0");
    }
}
