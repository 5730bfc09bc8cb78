package dev.thaw.scheduler.control;

import static dev.thaw.scheduler.control.FunctionOperationsTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images are deployed as packages are: what has been deployed stays so, whatever becomes of where it came from. */
final class KeptImagesTest {
    private static final String LAYER = "a".repeat(64);

    @TempDir
    private Path folder;

    private Path image;
    private Path state;

    @BeforeEach
    void setUp() throws IOException {
        state = folder.resolve("state");
        image = Files.createDirectory(folder.resolve("image"));
        Files.createDirectories(image.resolve("blobs/sha256"));
        Files.writeString(image.resolve("oci-layout"), "{}");
        Files.writeString(image.resolve("blobs/sha256").resolve(LAYER), "a layer");
        Files.writeString(image.resolve("blobs/sha256").resolve("b".repeat(64)), "of another image");
        build("first");
    }

    /** What every rebuild of an image does: the same place, other content. */
    private void build(String tag) throws IOException {
        String manifest = "{\"layers\":[{\"digest\":\"sha256:" + LAYER + "\"}],\"tag\":\"" + tag + "\"}";
        String name = HexFormat.of().formatHex(tag.repeat(32).substring(0, 32).getBytes(StandardCharsets.US_ASCII));
        Files.writeString(image.resolve("blobs/sha256").resolve(name), manifest);
        Files.writeString(image.resolve("index.json"), "{\"manifests\":[{\"digest\":\"sha256:" + name + "\"}]}");
    }

    private void create(ControlBed bed) {
        bed.call(
                "CreateFunction",
                Map.of(),
                Map.of(),
                "{'FunctionName':'i','Role':'" + ControlBed.ROLE
                        + "','PackageType':'Image','Publish':true,'Code':{'ImageUri':'" + image + "'}}");
        bed.settle();
    }

    @Test
    void shouldRunWhatWasDeployedAfterTheImageWasBuiltAnew() throws IOException {
        String first = Files.readString(image.resolve("index.json"));
        try (ControlBed bed = new ControlBed(state)) {
            create(bed);
            build("second");
            bed.of("UpdateFunctionConfiguration", "i", "{'Timeout':7}");
            bed.settle();
            Path code = bed.deployments.latest("i").config().codeUri();
            assertThat(code.resolve("index.json")).hasContent(first);
            assertThat(code.resolve("blobs/sha256").resolve(LAYER)).hasContent("a layer");
            assertThat(code.resolve("blobs/sha256").resolve("b".repeat(64))).doesNotExist();
            bed.of("UpdateFunctionCode", "i", "{'ImageUri':'" + image + "'}");
            bed.settle();
            assertThat(bed.deployments.latest("i").config().codeUri().resolve("index.json"))
                    .hasSameTextualContentAs(image.resolve("index.json"));
        }
        try (ControlBed bed = new ControlBed(state)) {
            assertThat(bed.problems).isEmpty();
            int served = Objects.requireNonNull(
                    bed.deployments.routesOf("i").versions().get("1"));
            assertThat(bed.deployments.deployed.get(served).config().codeUri().resolve("index.json"))
                    .hasContent(first);
        }
    }

    @Test
    void shouldForgetTheCopyThatNobodyNeeds() throws IOException {
        try (ControlBed bed = new ControlBed(state)) {
            create(bed);
            assertThat(ControlBed.packages(state)).hasSize(1);
            assertFault(() -> create(bed), 409, "ResourceConflictException", "already exist");
            bed.of("DeleteFunction", "i");
            bed.settle();
            bed.deployments.endRetired();
            bed.settle();
        }
        assertThat(ControlBed.packages(state)).isEmpty();
    }
}
