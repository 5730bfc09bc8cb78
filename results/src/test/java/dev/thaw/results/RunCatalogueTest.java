package dev.thaw.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCatalogueTest {
    @TempDir
    private Path runs;

    private RunCatalogue catalogue = new RunCatalogue(Path.of(""));

    @BeforeEach
    void writeThreeRuns() throws IOException {
        catalogue = new RunCatalogue(runs);
        for (String id : new String[] {"1-a", "2-b", "3-c"}) {
            write(id, 1);
        }
    }

    private void write(String id, int schema) throws IOException {
        Path folder = Files.createDirectory(runs.resolve(id));
        // As little as the first bundles held.
        Files.writeString(folder.resolve("manifest.json"), "{\"schema\":" + schema + ",\"id\":\"" + id + "\"}");
        Files.writeString(folder.resolve("summary.json"), "{\"schema\":" + schema + ",\"kind\":\"load\"}");
    }

    @Test
    void shouldListRunsWithWhatTheirOwnerCalledThem() throws IOException {
        catalogue.name(catalogue.find("2-b").getFirst(), "base");
        catalogue.tag(catalogue.find("base").getFirst(), "keep", true);
        catalogue.tag(catalogue.find("3-c").getFirst(), "keep", true);

        assertThat(catalogue.entries()).extracting(RunCatalogue.Entry::id).containsExactly("1-a", "2-b", "3-c");
        assertThat(catalogue.entries().get(1).name()).isEqualTo("base");
        assertThat(catalogue.entries().get(1).tags()).containsExactly("keep");
        assertThat(catalogue.entries().getFirst().isLabelled()).isFalse();
        assertThat(catalogue.find("keep")).extracting(RunBundle::id).containsExactly("2-b", "3-c");
        assertThat(catalogue.find(runs.resolve("1-a").toString())).hasSize(1);
        catalogue.name(catalogue.find("base").getFirst(), "");
        catalogue.tag(catalogue.find("2-b").getFirst(), "keep", false);
        assertThat(catalogue.entries().get(1).isLabelled()).isFalse();
    }

    /** Of the same moment by their ids; where nobody knows, first. */
    @Test
    void shouldListTheNewestLastWhateverItsFolderIsCalled() throws IOException {
        begun("1-a", "2026-11-23T10:00:00.5Z");
        begun("2-b", "2026-11-23T10:00:00Z");
        write("0-d", 1);
        begun("0-d", "2026-11-23T10:00:00.500Z");

        assertThat(catalogue.entries()).extracting(RunCatalogue.Entry::id).containsExactly("3-c", "2-b", "0-d", "1-a");
    }

    private void begun(String id, String opened) throws IOException {
        Files.writeString(
                runs.resolve(id).resolve("manifest.json"),
                "{\"schema\":1,\"id\":\"" + id + "\",\"opened\":\"" + opened + "\"}");
    }

    @Test
    void shouldListARunOfALaterVersionAndSayWhyItCannotBeRead() throws IOException {
        write("4-d", 2);

        assertThat(catalogue.entries().getLast().problem()).contains("schema is 2, this version reads 1");
        assertThatThrownBy(() -> catalogue.find("4-d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema is 2");
        assertThat(catalogue.entries().getFirst().problem()).isNull();
    }

    @Test
    void shouldListARunWhoseLabelIsBrokenAndFindTheOthers() throws IOException {
        catalogue.tag(catalogue.find("3-c").getFirst(), "keep", true);
        Files.writeString(runs.resolve("1-a/label.json"), "{\"name\":");
        Files.writeString(runs.resolve("2-b/label.json"), "[\"keep\"]");

        List<RunCatalogue.Entry> entries = catalogue.entries();
        assertThat(entries.get(0).problem()).contains("label.json:1: not JSON");
        assertThat(entries.get(1).problem()).contains("label.json: not a label");
        assertThat(catalogue.find("keep")).extracting(RunBundle::id).containsExactly("3-c");
        RunBundle broken = catalogue.find("1-a").getFirst();
        assertThatThrownBy(() -> catalogue.tag(broken, "x", true)).hasMessageContaining("not JSON");
    }

    @Test
    void shouldFindATagThoughAFolderWithoutRunsIsCalledSo() throws IOException {
        catalogue.tag(catalogue.find("3-c").getFirst(), "keep", true);
        Files.createDirectory(runs.resolve("keep"));
        Files.createDirectory(runs.resolve("empty"));

        assertThat(catalogue.find("keep")).extracting(RunBundle::id).containsExactly("3-c");
        assertThatThrownBy(() -> catalogue.find("empty")).hasMessageContaining("manifest.json is missing");
    }

    @Test
    void shouldRefuseAWordThatStandsForNothingOrTwoRuns() throws IOException {
        catalogue.name(catalogue.find("1-a").getFirst(), "base");
        catalogue.name(catalogue.find("2-b").getFirst(), "base");

        assertThatThrownBy(() -> catalogue.find("base")).hasMessage("run 'base': 2 runs have this name");
        assertThatThrownBy(() -> catalogue.find("other")).hasMessageStartingWith("no run 'other': ");
        assertThat(new RunCatalogue(runs.resolve("none")).entries()).isEmpty();
    }

    @Test
    void shouldDelete() throws IOException {
        RunCatalogue.delete(catalogue.entries().getFirst().directory());

        assertThat(runs.resolve("1-a")).doesNotExist();
        assertThat(catalogue.entries()).hasSize(2);
    }
}
