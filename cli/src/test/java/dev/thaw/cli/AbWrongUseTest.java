package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code thaw ab} refuses before it starts anything. */
final class AbWrongUseTest {
    @TempDir
    private Path runs;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--variant a -- load | --variant: [a], must be two or more of different names",
                "--variant a --variant a -- load | --variant: [a, a], must be two or more of different names",
                "--variant a --variant b -- fly | ab: 'fly', must be load, replay, simulate, arch or jmh",
                "--variant a --variant b -- load --fly 1 | load: --fly is no option of load, nor of serve",
                "--variant a --variant b -- load --runs x | load: --runs is chosen by ab itself",
                "--variant a --variant b --until p50 -- load | --until: 'p50' must be a metric and a width above 0",
                "--variant a --variant b --rounds 1 -- load | --rounds: 1, must be 2 or more",
                "--variant a --variant b --rounds 9 --min-rounds 3 -- load | --min-rounds: 3, must be 4..9",
                "--variant a --variant b --fail-over 5 --rounds 9 -- load | --fail-over: 9 rounds are too few to stop"
                        + " anything by 3 metrics: must be 10 or more",
                "--variant a --variant b:--thaw=/no/where -- load | /no/where is neither a checkout with its launcher",
                "--variant a --variant b --resume /no/where -- load | /no/where: no set of runs to go on with",
                "--variant a -- | VERB"
            })
    void shouldRefuseInOneLine(String arguments, String part) throws IOException {
        List<String> all = new ArrayList<>(List.of("ab", "--runs", runs.toString()));
        all.addAll(List.of(arguments.split(" ")));
        Cli cli = Cli.run(all.toArray(String[]::new));

        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("thaw: ")
                .contains(part);
        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
        try (Stream<Path> made = Files.list(runs)) {
            assertThat(made).isEmpty();
        }
    }

    @Test
    void shouldRefuseServerOptionsOfAnEndpoint() {
        Cli cli = Cli.run(
                "ab",
                "--variant",
                "a",
                "--variant",
                "b: --target http://h/ --keep-alive 1m",
                "--",
                "load",
                "--function",
                "f");

        assertThat(cli.errLines())
                .containsExactly("thaw: variant b: --keep-alive is for a server that ab starts, and this variant names"
                        + " one that is there already");
        assertThat(cli.exit()).isEqualTo(Main.EXIT_WRONG_USE);
    }
}
