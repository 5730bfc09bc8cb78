package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleSetTest {
    private static final List<String> NAMES = List.of("a", "b");
    private static final SequencedMap<String, String> SETTINGS = new LinkedHashMap<>(Map.of("seed", "1"));

    @TempDir
    private Path runs;

    private BundleSet set;

    @BeforeEach
    void open() throws IOException {
        set = BundleSet.create(runs, "ab-a-b", "thaw ab", NAMES, SETTINGS);
    }

    private void add(int round, String variant) throws IOException {
        Path bundle = Files.createDirectories(set.workplace().resolve("run/" + "r" + round));
        Files.writeString(bundle.resolve("manifest.json"), "{\"schema\":1,\"id\":\"" + variant + round + "\"}");
        Files.writeString(bundle.resolve("summary.json"), "{\"schema\":1,\"kind\":\"load\"}");
        set.add(round, variant, bundle);
    }

    private List<String> ids(String variant) throws IOException {
        return set.runs(variant).stream().map(RunBundle::id).toList();
    }

    @Test
    void shouldKeepEachVariantsRunsInTheirOrder() throws IOException {
        add(1, "a");
        add(1, "b");
        add(2, "b");
        assertThat(set.rounds()).isEqualTo(1);
        assertThat(ids("b")).containsExactly("b1");
        add(2, "a");

        assertThat(set.rounds()).isEqualTo(2);
        assertThat(ids("a")).containsExactly("a1", "a2");
        assertThat(new RunCatalogue(runs).find(set.folder("b").toString()))
                .extracting(RunBundle::id)
                .containsExactly("b1", "b2");
        assertThat(new RunCatalogue(runs).find(set.directory().getFileName() + "/a"))
                .extracting(RunBundle::id)
                .containsExactly("a1", "a2");
        assertThat(set.directory().resolve(".unfinished")).doesNotExist();
    }

    @Test
    void shouldGoOnAfterTheLastCompleteRound() throws IOException {
        add(1, "a");
        add(1, "b");
        add(2, "b");
        Files.createDirectory(set.workplace().resolve("run"));

        set = BundleSet.resume(set.directory(), NAMES, SETTINGS);

        assertThat(set.rounds()).isEqualTo(1);
        assertThat(set.folder("b").resolve("r2")).doesNotExist();
        add(2, "b");
        add(2, "a");
        assertThat(ids("b")).containsExactly("b1", "b2");
    }

    @Test
    void shouldNotGoOnAsSomethingElseNorAfterItsEnd() throws IOException {
        Path directory = set.directory();
        assertRefused(runs, SETTINGS, "no set of runs to go on with: it has no set.json of this version");
        assertRefused(directory, Map.of("seed", "2"), "seed: is '2', must be '1' as when it began");
        assertRefused(directory, Map.of(), "seed: is '', must be '1' as when it began");
        assertRefused(directory, Map.of("seed", "1", "variants", "b, a"), "variants: is 'b, a', must be ''");
        set.end("all rounds are done");
        assertRefused(directory, SETTINGS, "has ended, its verdict is known");
    }

    private static void assertRefused(Path directory, Map<String, String> settings, String part) {
        assertThatThrownBy(() -> BundleSet.resume(directory, NAMES, settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(directory + ": ")
                .hasMessageContaining(part);
    }
}
