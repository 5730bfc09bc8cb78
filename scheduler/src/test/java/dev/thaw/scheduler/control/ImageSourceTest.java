package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.scheduler.functions.RootFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a host are images to clients, and that nothing is told of the others. */
final class ImageSourceTest {
    private static final String INDEX = "{\"schemaVersion\":2,\"manifests\":[]}";

    @TempDir
    private Path folder;

    private Path layout(String name) throws IOException {
        Path layout = Files.createDirectories(folder.resolve(name));
        Files.writeString(layout.resolve("index.json"), INDEX);
        return layout;
    }

    private Path tar(String name) throws IOException {
        Path file = folder.resolve(name);
        byte[] content = INDEX.getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry("index.json");
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return file;
    }

    private static void assertMissing(ImageSource source, Object path) {
        assertThatThrownBy(() -> source.find(path.toString()))
                .isInstanceOf(ServiceFault.class)
                .hasMessage("Source image " + path + " does not exist. Provide a valid source image.");
    }

    @Test
    void shouldTakeImagesOfItsFolderAlone() throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Path inside = layout("root/image");
        Path archive = tar("root/image.tar");
        Path outside = layout("outside");
        ImageSource source = new ImageSource(RootFolder.of(root));
        assertThat(source.find(inside.toString()).imageUri()).isEqualTo(inside.toString());
        assertThat(source.find(archive.toString()).imageUri()).isEqualTo(archive.toString());
        Files.createSymbolicLink(root.resolve("link"), outside);
        Path lent = Files.createDirectories(root.resolve("lent"));
        Files.createSymbolicLink(lent.resolve("index.json"), outside.resolve("index.json"));
        for (Path path : new Path[] {outside, root.resolve("../outside"), root.resolve("link"), lent}) {
            assertMissing(source, path);
        }
        assertMissing(source, "image.tar");
        assertMissing(new ImageSource(RootFolder.NONE), inside);
    }

    @Test
    void shouldTellNothingOfFilesThatAreNoImages() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "root:$6$...\n".repeat(100));
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("index.json"), "{\"password\":1}");
        ImageSource source = new ImageSource(RootFolder.EVERYWHERE);
        assertMissing(source, secret);
        assertMissing(source, other);
        assertMissing(source, folder.resolve("nothing"));
        assertMissing(source, "\0");
        assertThat(source.find(tar("x.tar").toString()).sha256()).hasSize(64);
    }
}
