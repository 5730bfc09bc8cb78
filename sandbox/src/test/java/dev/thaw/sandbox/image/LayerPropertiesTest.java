package dev.thaw.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.image.ImageBuilder.Tar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Whatever a layer says, nothing outside the root is written, removed, or linked to. */
final class LayerPropertiesTest {
    /** One entry of a layer that means harm. */
    record Entry(byte type, String name, String target) {
        void addTo(Tar tar) throws IOException {
            if (type == TarConstants.LF_NORMAL) {
                // A name with a slash at its end is a folder.
                tar.file(name.endsWith("/") ? name + "a" : name, "changed");
            } else {
                tar.entry(name, type, target, 0644);
            }
        }
    }

    @Provide
    Arbitrary<List<List<Entry>>> layers() {
        Arbitrary<String> part = Arbitraries.of(
                "a", "b", "c", "..", ".", "", "outside", "canary", ".wh.a", ".wh.b", ".wh..wh..opq", ".wh..");
        Arbitrary<String> path = part.list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("/", parts))
                .filter(text -> !text.isEmpty());
        Arbitrary<Byte> type = Arbitraries.of(
                TarConstants.LF_NORMAL, TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_DIR);
        Arbitrary<Entry> entry = Combinators.combine(type, path, path).as(Entry::new);
        return entry.list().ofMinSize(1).ofMaxSize(8).list().ofMinSize(1).ofMaxSize(3);
    }

    @Property(tries = 250)
    void shouldNeverTouchWhatIsOutside(@ForAll("layers") List<List<Entry>> layers) throws IOException {
        Path folder = Files.createTempDirectory("layers");
        try {
            Path root = Files.createDirectories(folder.resolve("a/root"));
            Path canary = Files.createDirectory(folder.resolve("outside")).resolve("canary");
            Files.writeString(canary, "untouched");
            Files.writeString(folder.resolve("a/canary"), "untouched");
            LayerUnpacker unpacker = new LayerUnpacker(root, 1 << 20);
            for (List<Entry> layer : layers) {
                apply(unpacker, layer);
            }
            assertThat(canary).hasContent("untouched");
            assertThat((int) Files.getAttribute(canary, "unix:nlink")).isEqualTo(1);
            assertThat(folder.resolve("a/canary")).hasContent("untouched");
            assertThat(names(folder)).containsExactly("a", "outside");
            assertThat(names(folder.resolve("a"))).containsExactly("canary", "root");
            assertThat(names(folder.resolve("outside"))).containsExactly("canary");
        } finally {
            FileTree.delete(folder);
        }
    }

    private static void apply(LayerUnpacker unpacker, List<Entry> layer) throws IOException {
        Tar tar = new Tar();
        for (Entry entry : layer) {
            entry.addTo(tar);
        }
        try {
            unpacker.apply("layer", new ByteArrayInputStream(tar.bytes()));
        } catch (IOException refused) {
            assertThat(refused.getMessage()).startsWith("layer: entry ").doesNotContain("\n", "Exception", "null");
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> String.valueOf(child.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** Any bytes at all: a refusal in words, or a tar. */
    @Property(tries = 200)
    void shouldAnswerAnyBytesWithWordsOrFiles(@ForAll byte[] noise) throws IOException {
        Path root = Files.createTempDirectory("noise");
        try {
            new LayerUnpacker(root, 1 << 20).apply("layer", new ByteArrayInputStream(noise));
        } catch (IOException refused) {
            assertThat(refused.getMessage()).startsWith("layer");
        } finally {
            FileTree.delete(root);
        }
    }
}
