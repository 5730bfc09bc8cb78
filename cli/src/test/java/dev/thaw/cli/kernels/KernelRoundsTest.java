package dev.thaw.cli.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds over builds that are shell scripts: each writes down its turn and says how fast it was. */
final class KernelRoundsTest {
    private static final String SCRIPT = """
            echo build $0
            while read -r run kernel ns; do
                echo "$0 $kernel $ns" >> "$1"
                echo "$kernel 00000000000000aa 1000 $2 1000000"
            done
            """;

    @TempDir
    private Path folder;

    private KernelStart script(String name, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, name));
        command.addAll(List.of(arguments));
        return new KernelStart(name, KernelBuild.of("x86_64-scalar"), command, null, null);
    }

    private List<String> turns(long seed) throws IOException {
        Path log = Files.createTempFile(folder, "turns", "");
        List<KernelStart> starts = List.of(
                script("a", SCRIPT, log.toString(), "1"),
                script("b", SCRIPT, log.toString(), "2"),
                script("c", SCRIPT, log.toString(), "4"));
        Map<String, Map<String, List<KernelAnswer>>> answers =
                new KernelRounds(List.of("dot", "lz"), 2, 4, 5000, seed).measure(starts);

        assertThat(answers.keySet()).containsExactlyInAnyOrder("a", "b", "c");
        // 1000 units, 4 runs, in a millisecond.
        assertThat(Objects.requireNonNull(answers.get("c")).get("lz"))
                .hasSize(8)
                .allSatisfy(each -> assertThat(each.unitsPerSecond()).isEqualTo(4e6));
        return Files.readAllLines(log);
    }

    @Test
    void shouldTakeTurnsInAnOrderThatTheSeedGives() throws IOException {
        List<String> turns = turns(1);

        // Each pass: every build warms every kernel up, then four rounds of two kernels in three builds.
        assertThat(turns).hasSize(2 * (3 * 2 + 4 * 2 * 3));
        assertThat(turns.subList(0, 6))
                .containsExactly("a dot 5000", "a lz 5000", "b dot 5000", "b lz 5000", "c dot 5000", "c lz 5000");
        HashSet<List<String>> orders = new HashSet<>();
        for (int i = 6; i < 30; i += 3) {
            List<String> turn = turns.subList(i, i + 3);
            String kernel = (i - 6) / 3 % 2 == 0 ? "dot" : "lz";
            assertThat(turn)
                    .containsExactlyInAnyOrder(
                            "a " + kernel + " 5000", "b " + kernel + " 5000", "c " + kernel + " 5000");
            orders.add(turn.stream().map(each -> each.substring(0, 1)).toList());
        }
        assertThat(orders).hasSizeGreaterThan(1);
        assertThat(turns(1)).isEqualTo(turns);
        assertThat(turns(2)).isNotEqualTo(turns);
    }

    @Test
    void shouldTakeForWarmWhatNoLongerBecomesFaster() {
        assertThat(KernelRounds.isSteady(List.of(10.0, 10.0, 10.0))).isFalse(); // too few
        assertThat(KernelRounds.isSteady(List.of(1.0, 9.8, 10.0, 10.1))).isTrue();
        assertThat(KernelRounds.isSteady(List.of(1.0, 10.0, 10.0, 11.0))).isFalse();
    }

    @Test
    void shouldSayHowABuildFailed() throws IOException {
        assertThatThrownBy(() -> KernelProcess.start(script("x", "exit 7")))
                .hasMessage("ended with status 7 instead of an answer");
        assertThatThrownBy(() -> KernelProcess.start(script("x", "kill -ILL $$")))
                .isInstanceOf(KernelProcess.IllegalInstruction.class);
        assertThatThrownBy(() -> KernelProcess.start(script("x", "echo hello"))).hasMessage("began with 'hello'");
        try (KernelProcess process =
                KernelProcess.start(script("x", "echo build x 512; read -r line; echo dot zz 1 1 1"))) {
            assertThat(process.vectorBits()).isEqualTo(512);
            assertThatThrownBy(() -> process.run("dot", 0)).hasMessage("answered 'dot zz 1 1 1' to dot");
        }
        try (KernelProcess process = KernelProcess.start(script("x", "echo build x; read -r line; exit 3"))) {
            assertThat(process.vectorBits()).isZero();
            assertThatThrownBy(() -> process.run("dot", 0)).hasMessage("ended with status 3 instead of an answer");
        }
    }
}
