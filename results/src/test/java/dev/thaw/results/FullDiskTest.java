package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of 5 MiB that really fills up. Needs the right to mount. */
@Tag("slow")
final class FullDiskTest {
    @TempDir
    private Path place;

    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", place.toString());
        if (!mounted) {
            System.out.println("skipped: full disk: no right to mount here");
        }
        assumeThat(mounted).isTrue();
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            run("umount", place.toString());
        }
    }

    @Test
    void shouldRefuseToBeginOnAFullDisk() throws IOException {
        Files.write(place.resolve("ballast"), new byte[4 << 20]);

        assertThatThrownBy(() -> RunRecorder.open(SyntheticRun.plan("x", List.of(), 0, 0), place))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(place + ": cannot write the run: disk full: ");
    }

    @Test
    void shouldGiveTheFiguresWhereTheDiskFillsUpDuringTheRun() throws IOException {
        SyntheticRun run = new SyntheticRun(200, 20, 1_000);
        try (RunRecorder recorder = RunRecorder.open(run.plan("fills"), place)) {
            Path ballast = place.resolve("ballast");
            Files.write(ballast, new byte[(int) place.toFile().getUsableSpace()]);
            run.samples().forEach(recorder::record);
            recorder.recordFleet(run.fleet(1));

            RunOutcome outcome = recorder.finish();

            assertThat(outcome.overBudget()).hasSize(1);
            assertThat(outcome.overBudget().getFirst()).endsWith("No space left on device");
            assertThat(outcome.figures().getFirst()).contains("20000 sent");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
