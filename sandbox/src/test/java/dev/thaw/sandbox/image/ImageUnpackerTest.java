package dev.thaw.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.thaw.sandbox.image.ImageBuilder.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of contract.md section 11, as layouts and as archives, whole and damaged. */
final class ImageUnpackerTest {
    @TempDir
    Path folder;

    private Path layout;
    private Path cache;
    private ImageBuilder image;

    @BeforeEach
    void prepare() throws IOException {
        layout = folder.resolve("image");
        cache = Files.createDirectory(folder.resolve("cache"));
        image = new ImageBuilder(layout);
    }

    private ContainerImage unpack(Path path) throws IOException {
        return new ImageUnpacker(cache, List.of("dev/", "etc/hosts")).unpack(path, "amd64");
    }

    private static Tar tar() {
        return new Tar();
    }

    private List<Path> cached() throws IOException {
        try (Stream<Path> children = Files.list(cache)) {
            return children.toList();
        }
    }

    @Test
    void shouldUnpackPlainGzipAndZstdLayersInOrder() throws IOException {
        image.layer(tar().file("a", "1").file("b", "1").file("c", "1"))
                .layer(tar().file("b", "2").file("c", "2"), GZIPOutputStream::new)
                .layer(tar().file("c", "3"), ZstdOutputStream::new);
        image.index(image.manifest("amd64", """
                "Entrypoint":["/app","-x"],"Cmd":["one"],"WorkingDir":"/work","Env":["K=v=w","PATH=/bin"]"""));

        ContainerImage unpacked = unpack(layout);

        assertThat(unpacked.root().resolve("a")).hasContent("1");
        assertThat(unpacked.root().resolve("b")).hasContent("2");
        assertThat(unpacked.root().resolve("c")).hasContent("3");
        assertThat(unpacked.root().resolve("dev")).isDirectory();
        assertThat(unpacked.root().resolve("etc/hosts")).isEmptyFile();
        assertThat(unpacked.entryPoint()).containsExactly("/app", "-x");
        assertThat(unpacked.command()).containsExactly("one");
        assertThat(unpacked.workingDirectory()).isEqualTo("/work");
        assertThat(unpacked.environment()).isEqualTo(Map.of("K", "v=w", "PATH", "/bin"));
    }

    @Test
    void shouldUnpackAnImageOnce() throws IOException {
        image.layer(tar().file("a", "1"));
        image.index(image.manifest("amd64", ""));
        Path root = unpack(layout).root();
        Files.writeString(root.resolve("a"), "kept");

        assertThat(unpack(layout).root()).isEqualTo(root);
        assertThat(root.resolve("a")).hasContent("kept");
        assertThat(root.getFileName().toString()).matches("[0-9a-f]{64}");
    }

    @Test
    void shouldTakeTheArchitecturesImageOfAnIndex() throws IOException {
        String arm64 = image.layer(tar().file("a", "arm64")).manifest("arm64", "");
        String amd64 = image.next().layer(tar().file("a", "amd64")).manifest("amd64", "");
        String unknown = "{\"digest\":\"sha256:00\",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}}";
        String inner = image.blob(
                ("{\"manifests\":[" + arm64 + "," + amd64 + "," + unknown + "]}").getBytes(StandardCharsets.UTF_8));
        image.index("{\"digest\":\"" + inner + "\"}");

        assertThat(unpack(layout).root().resolve("a")).hasContent("amd64");
        assertThat(new ImageUnpacker(cache, List.of())
                        .unpack(layout, "arm64")
                        .root()
                        .resolve("a"))
                .hasContent("arm64");
    }

    @Test
    void shouldRefuseAnImageOfAnotherArchitecture() throws IOException {
        image.layer(tar().file("a", "1"));
        image.index(image.manifest("arm64", ""));
        assertThatThrownBy(() -> unpack(layout)).hasMessage(layout + ": is built for arm64, must be built for amd64");
    }

    @Test
    void shouldBelieveTheConfigurationNotTheIndex() throws IOException {
        image.layer(tar().file("a", "1"));
        image.index(image.manifest("arm64", "").replace("arm64", "amd64"));
        assertThatThrownBy(() -> unpack(layout)).hasMessage(layout + ": is built for arm64, must be built for amd64");
    }

    @Test
    void shouldRefuseSeveralImagesOfOneArchitecture() throws IOException {
        String one = image.layer(tar().file("a", "1")).manifest("amd64", "");
        String two = image.next().layer(tar().file("a", "2")).manifest("amd64", "");
        image.index(one, two, one);
        assertThatThrownBy(() -> unpack(layout)).hasMessage(layout + ": holds 2 images for amd64, must hold 1");
    }

    @Test
    void shouldReadALayoutFromATar() throws IOException {
        image.layer(tar().file("a", "1"), GZIPOutputStream::new);
        image.index(image.manifest("amd64", "\"Cmd\":[\"/a\"]"));
        Path archive = Files.write(folder.resolve("image.tar"), archived("./").bytes());

        ContainerImage unpacked = unpack(archive);

        assertThat(unpacked.root().resolve("a")).hasContent("1");
        assertThat(unpacked.command()).containsExactly("/a");
    }

    private Tar archived(String prefix) throws IOException {
        Tar archive = tar();
        try (Stream<Path> files = Files.walk(layout)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                archive.file(prefix + layout.relativize(file), 0644, Files.readAllBytes(file));
            }
        }
        return archive;
    }

    @Test
    void shouldReadWhatDockerSaveWrites() throws IOException {
        byte[] one = tar().file("a", "1").bytes();
        byte[] two = tar().file("b", "2").bytes();
        String config = """
                {"architecture":"amd64","os":"linux","config":{"Entrypoint":["/a"]},\
                "rootfs":{"diff_ids":["%s","%s","%s"]}}""".formatted(Sha256.of(one), Sha256.of(two), Sha256.of(one));
        String name = Sha256.hex(Sha256.of(config.getBytes(StandardCharsets.UTF_8)));
        Path archive = Files.write(
                folder.resolve("saved.tar"),
                tar().file(name + ".json", config)
                        .file("x/layer.tar", 0644, one)
                        .file("y/layer.tar", 0644, two)
                        .link("z/layer.tar", "../x/layer.tar")
                        .file("manifest.json", """
                                [{"Config":"%s.json","RepoTags":null,\
                                "Layers":["x/layer.tar","y/layer.tar","z/layer.tar"]}]""".formatted(name))
                        .bytes());

        ContainerImage unpacked = unpack(archive);

        assertThat(unpacked.digest()).isEqualTo(name);
        assertThat(unpacked.root().resolve("a")).hasContent("1");
        assertThat(unpacked.root().resolve("b")).hasContent("2");
        assertThat(unpacked.entryPoint()).containsExactly("/a");
    }

    @Test
    void shouldRefuseALayerThatIsNotWhatItsDigestSays() throws IOException {
        image.layer(tar().file("a", "1"));
        image.index(image.manifest("amd64", ""));
        String digest = image.layers().getFirst();
        byte[] other = tar().file("a", "2").bytes();
        Files.write(image.blobFile(digest), other);

        assertThatThrownBy(() -> unpack(layout))
                .hasMessage(layout + ": layer 1 " + digest.substring(0, 19) + ": its content's digest is "
                        + Sha256.of(other));
        assertThat(cached()).isEmpty();
    }

    @Test
    void shouldRefuseALayerWhoseContentIsNotTheConfigurations() throws IOException {
        image.layer(tar().file("a", "1"));
        String manifest = image.manifest("amd64", "");
        Path wrong = folder.resolve("wrong");
        ImageBuilder other = new ImageBuilder(wrong);
        other.layer(tar().file("a", "2"));
        other.layers().set(0, image.layers().getFirst());
        Files.copy(
                image.blobFile(image.layers().getFirst()),
                other.blobFile(image.layers().getFirst()));
        other.index(other.manifest("amd64", ""));

        assertThat(manifest).isNotEmpty();
        assertThatThrownBy(() -> unpack(wrong))
                .hasMessageContaining(": layer 1 ")
                .hasMessageContaining(": unpacked, its digest is sha256:");
        assertThat(cached()).isEmpty();
    }

    @Test
    void shouldRefuseAManifestThatIsNotWhatItsDigestSays() throws IOException {
        image.layer(tar().file("a", "1"));
        String manifest = image.manifest("amd64", "");
        image.index(manifest);
        String digest = manifest.substring(11, 11 + 71);
        Files.writeString(image.blobFile(digest), "{}");
        assertThatThrownBy(() -> unpack(layout)).hasMessageStartingWith(layout + ": " + digest + ": its content's");
    }

    @Test
    void shouldBoundWhatAnImageHolds() throws IOException {
        image.layer(tar().file("a", 0644, new byte[3000]).file("b", 0644, new byte[3000]), GZIPOutputStream::new);
        image.index(image.manifest("amd64", ""));
        assertThatThrownBy(() -> new ImageUnpacker(cache, List.of(), 6000).unpack(layout, "amd64"))
                .hasMessageContaining(": layer 1 sha256:")
                .hasMessageContaining("more than 6000 bytes");
        assertThat(cached()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsNoImage() throws IOException {
        assertThatThrownBy(() -> unpack(folder.resolve("absent")))
                .hasMessage(folder.resolve("absent") + ": no such image layout folder or archive");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> unpack(empty))
                .hasMessage(empty + ": has neither index.json (OCI image layout) nor manifest.json (docker save)");
        Path text = Files.writeString(folder.resolve("text"), "text".repeat(500));
        assertThatThrownBy(() -> unpack(text)).hasMessageStartingWith(text + ": cannot be read as an uncompressed tar");
        Files.writeString(empty.resolve("index.json"), "{");
        assertThatThrownBy(() -> unpack(empty)).hasMessageStartingWith(empty + ": index.json: not JSON: ");
    }

    @Test
    void shouldRefuseSettingsThatCouldBecomeOtherWords() throws IOException {
        image.layer(tar().file("a", "1"));
        image.index(image.manifest("amd64", "\"Env\":[\"A=b\\u0000--bind\\u0000/\\u0000/host\"]"));
        assertThatThrownBy(() -> unpack(layout))
                .hasMessageStartingWith(layout + ": Env: ")
                .hasMessageEndingWith("must be text without zero characters");
    }

    @Test
    void shouldRefuseADamagedLayer() throws IOException {
        byte[] half = new byte[700];
        System.arraycopy(tar().file("a", 0644, new byte[5000]).bytes(), 0, half, 0, half.length);
        String digest = image.blob(half);
        String config = image.blob(("{\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[\"" + digest + "\"]}}")
                .getBytes(StandardCharsets.UTF_8));
        String manifest =
                image.blob(("{\"config\":{\"digest\":\"" + config + "\"},\"layers\":[{\"digest\":\"" + digest + "\"}]}")
                        .getBytes(StandardCharsets.UTF_8));
        image.index("{\"digest\":\"" + manifest + "\"}");
        assertThatThrownBy(() -> unpack(layout))
                .hasMessageStartingWith(layout + ": layer 1 " + digest.substring(0, 19));
        assertThat(cached()).isEmpty();
    }
}
