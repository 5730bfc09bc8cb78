package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.CachedEpochClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogFileTest {
    @ParameterizedTest
    @CsvSource({
        "/aws/lambda/echo, echo",
        "/aws/lambda/..., group==aws=lambda=...",
        "/aws/lambda/a/b, group==aws=lambda=a=b",
        "team/shared, group=team=shared",
        "team#shared, group=team#shared",
        "echo, group=echo",
        "../../etc, group=..=..=etc",
        ".., group=..",
    })
    void shouldKeepAGroupInAFolderOfItsOwn(String group, String folder) {
        assertThat(LogFile.folderOf(group)).isEqualTo(folder);
    }

    @Test
    void shouldTellLongNamesOfGroupsApart() {
        String one = LogFile.folderOf("g".repeat(511) + "1");
        assertThat(one).hasSizeLessThan(255).isNotEqualTo(LogFile.folderOf("g".repeat(511) + "2"));
    }

    private static final int LIMIT_BYTES = 2_000;

    @TempDir
    private Path directory;

    private Path path;
    private LogFile file;

    @BeforeEach
    void open() {
        path = directory.resolve("function").resolve("x.log");
        file = new LogFile(path, LIMIT_BYTES, new PlatformNotes(false, new CachedEpochClock()));
    }

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void shouldKeepEverythingWhileItFits() throws IOException {
        write("a\n");
        write("b\n");

        assertThat(path).hasContent("a\nb\n");
        assertThat(path.resolveSibling("x.log.1")).doesNotExist();
    }

    @Test
    void shouldNeverTakeMoreThanItsLimitAndKeepTheLatest() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            write("line " + i + "\n");
            assertThat(sizes()).isLessThanOrEqualTo(LIMIT_BYTES);
        }

        String older = Files.readString(path.resolveSibling("x.log.1"));
        String latest = Files.readString(path);
        String said = "thaw: earlier lines are in x.log.1; of this log at most 2000 bytes are kept, the latest\n";
        assertThat(latest).startsWith(said).endsWith("\nline 999\n");
        assertThat(older).startsWith(said);
        String lines = (older + latest).replace(said, "");
        int first = Integer.parseInt(lines.substring("line ".length(), lines.indexOf('\n')));
        StringBuilder expected = new StringBuilder();
        for (int i = first; i < 1_000; i++) {
            expected.append("line ").append(i).append('\n');
        }
        assertThat(lines).isEqualTo(expected.toString());
    }

    @Test
    void shouldSpreadWhatFitsIntoNoFile() throws IOException {
        write("0123456789".repeat(300));

        assertThat(sizes()).isLessThanOrEqualTo(LIMIT_BYTES);
        assertThat(Files.readString(path)).endsWith("0123456789");
    }

    @Test
    void shouldCountWhatAFullDiskLosesAndTellOnceThereIsRoom() throws IOException {
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, Path.of("/dev/full"));
        write("lost\n");
        write("lost, too\n");
        Files.delete(path);
        write("kept\n");

        assertThat(path).hasContent("thaw: 15 bytes of this log could not be written\nkept\n");
    }

    @Test
    void shouldCountWhatIsLostWhereItsFolderCannotBeMade() throws IOException {
        Path folder = path.getParent();
        Files.writeString(folder, "in the way");
        write("lost\n");
        Files.delete(folder);
        write("kept\n");

        assertThat(path).hasContent("thaw: 5 bytes of this log could not be written\nkept\n");
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        file.write(bytes, bytes.length);
    }

    private long sizes() throws IOException {
        Path older = path.resolveSibling("x.log.1");
        return Files.size(path) + (Files.exists(older) ? Files.size(older) : 0);
    }
}
