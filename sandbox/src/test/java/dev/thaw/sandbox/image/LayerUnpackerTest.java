package dev.thaw.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.sandbox.image.ImageBuilder.Tar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whiteouts, links and what must not be. */
final class LayerUnpackerTest {
    @TempDir
    Path folder;

    private Path root;
    private LayerUnpacker layers;

    @BeforeEach
    void prepare() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        layers = new LayerUnpacker(root, 1 << 20);
    }

    private void apply(Tar tar) throws IOException {
        layers.apply("layer", new ByteArrayInputStream(tar.bytes()));
    }

    @Test
    void shouldTakeAwayWhatAWhiteoutNames() throws IOException {
        apply(new Tar().file("a", "1").file("d/x", "1").file("d/y/z", "1").file("e", "1"));
        apply(new Tar().file(".wh.a", "").file("d/.wh.y", "").file(".wh.absent", ""));

        assertThat(root.resolve("a")).doesNotExist();
        assertThat(root.resolve("d/y")).doesNotExist();
        assertThat(root.resolve("d/x")).exists();
        assertThat(root.resolve("e")).exists();
        assertThat(root.resolve(".wh.a")).doesNotExist();
    }

    @Test
    void shouldKeepWhatTheLayerOfAWhiteoutBrings() throws IOException {
        apply(new Tar().file("d/old", "1").file("d/s/old", "1").file("a", "1"));
        apply(new Tar()
                .file("d/new", "2")
                .file("d/s/new", "2")
                .file("d/.wh..wh..opq", "")
                .file("a", "2")
                .file(".wh.a", ""));

        assertThat(root.resolve("d/old")).doesNotExist();
        assertThat(root.resolve("d/s/old")).doesNotExist();
        assertThat(root.resolve("d/new")).hasContent("2");
        assertThat(root.resolve("d/s/new")).hasContent("2");
        assertThat(root.resolve("a")).hasContent("2");
    }

    @Test
    void shouldReplaceFilesFoldersAndLinks() throws IOException {
        apply(new Tar().file("a", "1").file("b/c", "1").link("l", "/a").folder("f", 0711));
        apply(new Tar().folder("a", 0755).file("b", "2").file("l", "2").file("f/new", "2"));

        assertThat(root.resolve("a")).isDirectory();
        assertThat(root.resolve("b")).hasContent("2");
        assertThat(root.resolve("l")).isRegularFile();
        assertThat(Files.isSymbolicLink(root.resolve("l"))).isFalse();
        assertThat(root.resolve("f/new")).exists();
    }

    @Test
    void shouldKeepModesButNoPrivilege() throws IOException {
        apply(new Tar()
                .file("tool", 06755, new byte[1])
                .file("secret", 0600, new byte[1])
                .folder("closed", 0555));

        assertThat(mode("tool")).isEqualTo("rwxr-xr-x");
        assertThat((int) Files.getAttribute(root.resolve("tool"), "unix:mode") & 07000)
                .isZero();
        assertThat(mode("secret")).isEqualTo("rw-------");
        assertThat(mode("closed")).isEqualTo("rwxr-xr-x");
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(name)));
    }

    @Test
    void shouldFollowLinksInsideTheImageOnly() throws IOException {
        apply(new Tar()
                .folder("usr/lib", 0755)
                .link("lib", "usr/lib")
                .link("abs", "/usr")
                .link("up", "../../../usr"));
        apply(new Tar().file("lib/one", "1").file("abs/two", "2").file("up/three", "3"));

        assertThat(root.resolve("usr/lib/one")).hasContent("1");
        assertThat(root.resolve("usr/two")).hasContent("2");
        assertThat(root.resolve("usr/three")).hasContent("3");
        assertThat(Files.readSymbolicLink(root.resolve("abs"))).isEqualTo(Path.of("/usr"));
    }

    @Test
    void shouldNotWriteThroughALinkThatLeadsOut() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        apply(new Tar()
                .link("out", outside.toString())
                .link("file", outside.resolve("f").toString()));
        apply(new Tar().file("out/f", "inside").file("file", "inside"));

        assertThat(outside).isEmptyDirectory();
        assertThat(root.resolve("file")).hasContent("inside");
        assertThat(root.resolve(root.getRoot().relativize(outside)).resolve("f"))
                .hasContent("inside");
    }

    @Test
    void shouldLinkOnlyToFilesOfTheImage() throws IOException {
        Path outside = Files.writeString(folder.resolve("secret"), "secret");
        apply(new Tar().file("a", "1").hardLink("b", "a").hardLink("d/c", "/a"));
        assertThat(Files.isSameFile(root.resolve("a"), root.resolve("d/c"))).isTrue();

        assertThatThrownBy(() -> apply(new Tar().hardLink("x", outside.toString())))
                .hasMessage("layer: entry x: links to " + outside + ", which is no file before it");
        assertThatThrownBy(() -> apply(new Tar().hardLink("x", "../secret")))
                .hasMessage("layer: entry x: leads out of the image");
        apply(new Tar().link("out", "../secret").hardLink("y", "out"));
        assertThat(Files.isSymbolicLink(root.resolve("y"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "..", "a/.."})
    void shouldRefuseNamesThatLeadOut(String name) {
        assertThatThrownBy(() -> apply(new Tar().file(name, "1")))
                .hasMessage("layer: entry " + name + ": leads out of the image");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void shouldTakeAbsoluteAndDecoratedNamesAsInside() throws IOException {
        apply(new Tar().folder(".", 0700).file("/etc/x", "1").file("./y//z", "2"));
        assertThat(root.resolve("etc/x")).hasContent("1");
        assertThat(root.resolve("y/z")).hasContent("2");
    }

    @Test
    void shouldRefuseLoopsOfLinks() throws IOException {
        apply(new Tar().link("a", "b").link("b", "a"));
        assertThatThrownBy(() -> apply(new Tar().file("a/x", "1")))
                .hasMessage("layer: entry a/x: too many links on the way");
    }

    @Test
    void shouldRefuseDevicesAndPipes() throws IOException {
        for (byte type : new byte[] {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO}) {
            assertThatThrownBy(() -> apply(new Tar().entry("node", type, "", 0666)))
                    .hasMessage("layer: entry node: is a device or a pipe");
        }
        apply(new Tar().entry("dev/null", TarConstants.LF_CHR, "", 0666));
        assertThat(Files.exists(root.resolve("dev/null"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void shouldRefuseAWhiteoutOfNothingAndNamesTooLong() {
        assertThatThrownBy(() -> apply(new Tar().file("a/.wh.", ""))).hasMessage("layer: entry a/.wh.: hides no name");
        assertThatThrownBy(() -> apply(new Tar().file("a/.wh...", "")))
                .hasMessage("layer: entry a/.wh...: hides no name");
        assertThatThrownBy(() -> apply(new Tar().file("x".repeat(256), "")))
                .hasMessageEndingWith("a name must be at most 255 bytes, none of them zero");
        assertThatThrownBy(() -> apply(new Tar().file("x/".repeat(2100) + "y", "")))
                .hasMessageEndingWith("longer than 4096 bytes");
    }

    @Test
    void shouldRefuseAFileInTheWay() throws IOException {
        apply(new Tar().file("a", "1"));
        assertThatThrownBy(() -> apply(new Tar().file("a/b", "2"))).hasMessage("layer: entry a/b: lies in a file");
    }
}
