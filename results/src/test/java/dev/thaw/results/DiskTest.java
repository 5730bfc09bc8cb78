package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskTest {
    @TempDir
    private Path runs;

    @Test
    void shouldFailAtOnceWhereTheRunsFolderIsAFile() throws IOException {
        Path file = Files.writeString(runs.resolve("runs"), "");

        assertThatThrownBy(() -> RunRecorder.open(SyntheticRun.plan("x", List.of(), 0, 0), file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": cannot write the run: exists and is not a directory");
    }

    @Test
    void shouldFailAtOnceWhereNothingCanBeMade() {
        Path place = Path.of("/proc/thaw-runs");

        assertThatThrownBy(() -> RunRecorder.open(SyntheticRun.plan("x", List.of(), 0, 0), place))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("/proc/thaw-runs: cannot write the run: ");
    }

    @Test
    void shouldRememberTheFirstFailureOnlyAndSwallowTheRest() throws IOException {
        Path full = Path.of("/dev/full");
        BundleFailure failure = new BundleFailure();
        try (WatchedStream stream = WatchedStream.open(full, failure)) {
            stream.write(new byte[10]);
            stream.write(1);
        }

        assertThat(failure.line()).hasValue("/dev/full: No space left on device");
    }

    @Test
    void shouldGiveTheFiguresWhereTheBundleDisappearedMeanwhile() throws IOException {
        try (RunRecorder recorder = RunRecorder.open(SyntheticRun.plan("gone", List.of("f"), 1, 1), runs)) {
            recorder.record(new Sample());
            try (var bundles = Files.list(runs)) {
                Path bundle = bundles.findFirst().orElseThrow();
                try (var files = Files.list(bundle)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(bundle);
            }

            RunOutcome outcome = recorder.finish();

            assertThat(outcome.overBudget()).singleElement().asString().contains("no such file or directory");
            assertThat(outcome.figures().getFirst()).contains("1 sent, 1 completed");
        }
    }

    @Test
    void shouldGiveTwoRunsOfOneInstantTheirOwnFolders() throws IOException {
        Path first = BundleDirectory.create(runs, "n", 0);
        Path second = BundleDirectory.create(runs, "n", 0);

        assertThat(first.getFileName()).hasToString("19700101T000000000Z-n");
        assertThat(second.getFileName()).hasToString("19700101T000000000Z-n-2");
    }

    @Test
    void shouldMakeAnyNameOnePathElement() {
        assertThat(BundleDirectory.safe("../../etc/x y")).isEqualTo("etc-x-y");
        assertThat(BundleDirectory.safe("é")).isEqualTo("run");
        assertThat(BundleDirectory.safe("a".repeat(300))).hasSize(100);
    }
}
