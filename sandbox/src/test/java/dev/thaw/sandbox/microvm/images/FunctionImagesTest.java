package dev.thaw.sandbox.microvm.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.sandbox.kernel.HostPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FunctionImagesTest {
    private static final long BYTES_MAX = 1 << 20;

    @TempDir
    private Path temp;

    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final InstantSource time = () -> now;

    @BeforeEach
    void needTheTool() {
        boolean there = HostPrograms.find("mkfs.erofs").isPresent();
        if (!there) {
            System.out.println("skipped: mkfs.erofs is not on PATH (Debian: apt install erofs-utils)");
        }
        Assumptions.assumeTrue(there);
    }

    private FunctionImages open(String folder) {
        return new FunctionImages(temp.resolve(folder), BYTES_MAX, time);
    }

    private Path folder(String name, String file, String content) throws IOException {
        Path path = temp.resolve(name).resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, content);
        return temp.resolve(name);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    @Test
    void shouldMakeTheSameBytesOfTheSameContent() throws IOException {
        Path first = folder("one", "lib/b", "content");
        folder("one", "a", "more");
        Path second = folder("two", "a", "more");
        folder("two", "lib/b", "content");
        Files.setLastModifiedTime(second.resolve("a"), FileTime.fromMillis(1));

        Path image = open("x").prepare(first, List.of());
        Path other = open("y").prepare(second, List.of());

        assertThat(other.getFileName()).isEqualTo(image.getFileName());
        assertThat(other).hasSameBinaryContentAs(image);
    }

    @Test
    void shouldNameImagesByContentModesAndLayersOrder() throws IOException {
        Path code = folder("code", "a", "1");
        Path left = folder("left", "same", "left");
        Path right = folder("right", "same", "right");
        FunctionImages images = open("x");

        Path plain = images.prepare(code, List.of());
        Path leftFirst = images.prepare(code, List.of(left, right));
        Path rightFirst = images.prepare(code, List.of(right, left));
        Files.setPosixFilePermissions(
                code.resolve("a"), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Path executable = images.prepare(code, List.of());

        assertThat(Stream.of(plain, leftFirst, rightFirst, executable)).doesNotHaveDuplicates();
    }

    @Test
    void shouldGiveWhatWasPreparedUntilItIsPreparedAgain() throws IOException {
        Path code = folder("code", "a", "1");
        FunctionImages images = open("x");
        Path prepared = images.prepare(code, List.of());
        folder("code", "a", "2");

        assertThat(images.get(code, List.of())).isEqualTo(prepared);
        assertThat(images.prepare(code, List.of())).isNotEqualTo(prepared);
    }

    @Test
    void shouldMakeAnImageAgainThatWasRemoved() throws IOException {
        Path code = folder("code", "a", "1");
        FunctionImages images = open("x");
        Files.delete(images.prepare(code, List.of()));

        assertThat(images.get(code, List.of())).exists();
    }

    @Test
    void shouldMakeOneImageForManyThatAskAtOnce() throws Exception {
        Path code = folder("code", "a", "1");
        FunctionImages images = open("x");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Path>> made = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> images.prepare(code, List.of())))
                    .toList();
            for (Future<Path> image : made) {
                assertThat(image.get()).exists();
            }
        }

        assertThat(files(temp.resolve("x"))).hasSize(1);
    }

    @Test
    void shouldTakeHostileNames() throws IOException {
        Path code = folder("code", "new\nline", "1");
        folder("code", "--all-root", "2");
        folder("code", "üñ 'q\" $(x)", "3");
        Files.createSymbolicLink(code.resolve("out"), Path.of("../../../etc/passwd"));

        assertThat(open("x").prepare(code, List.of())).exists();
    }

    @Test
    void shouldRefuseWhatIsNoFile() throws Exception {
        Path code = folder("code", "a", "1");
        Path pipe = code.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> open("x").prepare(code, List.of()))
                .hasMessage(pipe + ": is neither file, folder nor link");
    }

    @Test
    void shouldRefuseMoreThanAPackageMayHold() throws IOException {
        Path code = folder("code", "a", "1");
        try (var file = java.nio.channels.FileChannel.open(
                code.resolve("large"),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.allocate(1), 250L << 20);
        }

        assertThatThrownBy(() -> open("x").prepare(code, List.of()))
                .hasMessage("code and layers hold more than 262144000 bytes (250 MiB) together");
    }

    @Test
    void shouldRemoveWhatWasNotUsedForLongest() throws IOException {
        FunctionImages images = open("x");
        Path oldest = images.prepare(folder("a", "f", "a".repeat(400_000)), List.of());
        now = now.plusSeconds(60);
        Path used = images.prepare(folder("b", "f", "b".repeat(400_000)), List.of());
        now = now.plusSeconds(3600);
        images.get(temp.resolve("b"), List.of());
        Path newest = images.prepare(folder("c", "f", "c".repeat(400_000)), List.of());

        assertThat(files(temp.resolve("x")))
                .containsExactlyInAnyOrder(used, newest)
                .doesNotContain(oldest);
    }

    @Test
    void shouldRemoveWhatAKilledProcessLeft() throws IOException {
        Path left = Files.createDirectories(temp.resolve("x/making-999999999-1/staged"));

        open("x").prepare(folder("code", "a", "1"), List.of());

        assertThat(left).doesNotExist();
        assertThat(left.getParent()).doesNotExist();
    }

    @Test
    void shouldLeaveNothingOfAnImageThatCouldNotBeMade() throws IOException {
        ImageFolder folder = new ImageFolder(temp.resolve("x"));

        assertThatThrownBy(() -> folder.put("image", at -> {
                    Files.writeString(at, "half");
                    throw new IOException("No space left on device");
                }))
                .hasMessage("No space left on device");
        assertThat(files(temp.resolve("x"))).isEmpty();
    }
}
