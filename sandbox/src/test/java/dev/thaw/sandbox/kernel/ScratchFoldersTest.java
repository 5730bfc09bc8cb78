package dev.thaw.sandbox.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScratchFoldersTest {
    @TempDir
    private Path parent;

    @Test
    void shouldPassOverWhatAKilledProcessOfOurNumberHasLeft() throws IOException {
        Path left = Files.createDirectory(ScratchFolders.next(parent, new AtomicInteger()));
        ScratchFolders.removeStale(parent);
        assertThat(left).as("its process is there: it is ours").exists();
        Path next = ScratchFolders.next(parent, new AtomicInteger());
        assertThat(next).isNotEqualTo(left).doesNotExist();
    }

    @Test
    void shouldRemoveWhatProcessesThatAreGoneHaveLeft() throws IOException {
        long nobody = Integer.MAX_VALUE; // more than any process' number
        Path left = Files.createDirectory(parent.resolve("thaw-sandboxes-" + nobody + "-1"));
        Path images = Files.createDirectory(parent.resolve("thaw-images-" + nobody + "-7"));
        Path other = Files.createDirectory(parent.resolve("thaw-sandboxes-none"));
        ScratchFolders.removeStale(parent);
        assertThat(left).doesNotExist();
        assertThat(images).doesNotExist();
        assertThat(other).exists();
    }
}
