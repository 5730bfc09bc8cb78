package dev.thaw.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RootFilesystemTest {
    @TempDir
    Path folder;

    /** As certificates' names are where the locale is C. */
    @Test
    void shouldCopyFileWhoseNameIsNoText() throws IOException, InterruptedException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Process shell = new ProcessBuilder("sh", "-c", "echo here > \"$(printf 'name\\377')\"; chmod 644 name*")
                .directory(source.toFile())
                .start();
        assertThat(shell.waitFor()).isZero();

        Path target = folder.resolve("target");
        RootFilesystem.copy(source, target);

        Path original = list(source).getFirst();
        assertThat(list(target)).containsExactly(target.resolve(original.getFileName()));
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
