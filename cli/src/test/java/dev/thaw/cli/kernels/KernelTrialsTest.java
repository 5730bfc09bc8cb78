package dev.thaw.cli.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.results.ArchRun;
import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Trials of builds that are shell scripts. */
final class KernelTrialsTest {
    /** Right when it is asked once, as before a JVM compiles; {@code $1} is the checksum of whatever is timed. */
    private static final String SCRIPT = """
            echo build $0
            while read -r run kernel ns; do
                [ $ns = 0 ] && sum=aa || sum=$1
                echo "$kernel 00000000000000$sum 1000 1 1000000"
            done
            """;

    private static ArchRun timed(String laterSum) throws IOException {
        ArchRun.Kernel kernel = new ArchRun.Kernel("dot", "multiply-adds", 1000, "00000000000000aa");
        KernelHost host = new KernelHost(Architecture.host(), Set.of(), Path.of("none"), _ -> Optional.empty());
        KernelTrials trials = new KernelTrials(host, List.of(kernel), new ArrayList<>());
        List<String> command = List.of("/bin/sh", "-c", SCRIPT, "x", laterSum);
        List<KernelStart> ran =
                trials.run(List.of(new KernelStart("x", KernelBuild.of("x86_64-scalar"), command, null, null)));
        trials.time(ran, new KernelRounds(List.of("dot"), 1, 6, 1000, 1));
        return trials.result(List.of());
    }

    @Test
    void shouldKeepTheSpeedOfWhatAnswersRightWhileItIsTimed() throws IOException {
        ArchRun run = timed("aa");

        assertThat(run.agrees()).isTrue();
        assertThat(run.outcomes())
                .singleElement()
                .satisfies(each -> assertThat(each.unitsPerSecond()).hasSize(6));
    }

    @Test
    void shouldFindOutWhatAnswersWrongOnlyWhileItIsTimed() throws IOException {
        ArchRun run = timed("bb");

        assertThat(run.agrees()).isFalse();
        assertThat(run.outcomes()).singleElement().satisfies(each -> {
            assertThat(each.checksum()).isEqualTo("00000000000000bb");
            assertThat(each.unitsPerSecond()).isEmpty();
        });
    }
}
