package dev.thaw.sandbox.microvm.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedFileTest {
    private static final int CHUNK = 1 << 18;
    private static final int HEAD = 8;
    /** Place, length, tag. */
    private static final int AROUND_CHUNK = 8 + 4 + 16;

    @TempDir
    Path folder;

    private final byte[] key = new byte[32];
    /** Two whole chunks with a hole of two between them, and a part of one. */
    private final byte[] content = new byte[4 * CHUNK + 1000];

    private Path sealed;

    @BeforeEach
    void seal() throws IOException {
        Random random = new Random(5);
        random.nextBytes(key);
        random.nextBytes(content);
        Arrays.fill(content, CHUNK, 3 * CHUNK, (byte) 0);
        System.arraycopy("a secret of memory".getBytes(StandardCharsets.US_ASCII), 0, content, 500, 18);
        sealed = folder.resolve("sealed");
        Path plain = Files.write(folder.resolve("plain"), content);
        try (FileChannel channel = FileChannel.open(plain)) {
            new SealedFile(sealed, 0, key).write(channel, content.length);
        }
    }

    private byte[] open(int number, byte[] with) throws IOException {
        Path target = folder.resolve("open");
        Files.deleteIfExists(target);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            new SealedFile(sealed, number, with).read(channel);
        }
        return Files.readAllBytes(target);
    }

    @Test
    void shouldGiveBackWhatWasSealedAndLeaveOutZeros() throws IOException {
        assertThat(open(0, key)).isEqualTo(content);
        assertThat(Files.size(sealed)).isBetween(2L * CHUNK, 2L * CHUNK + 2000);
        assertThat(Files.readString(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("a secret of memory");
    }

    @Test
    void shouldGiveBackZerosAlone() throws IOException {
        Path plain = Files.write(folder.resolve("zeros"), new byte[CHUNK + 1]);
        sealed = folder.resolve("sealed-zeros");
        try (FileChannel channel = FileChannel.open(plain)) {
            new SealedFile(sealed, 0, key).write(channel, CHUNK + 1);
        }

        assertThat(open(0, key)).isEqualTo(new byte[CHUNK + 1]);
    }

    @Test
    void shouldNotBeOpenedByAnotherKeyOrAsAnotherFile() {
        byte[] other = key.clone();
        other[31] ^= 1;

        assertThatThrownBy(() -> open(0, other)).isInstanceOf(IOException.class).hasMessageContaining("another key");
        assertThatThrownBy(() -> open(1, key)).isInstanceOf(IOException.class).hasMessageContaining("another key");
    }

    @Test
    void shouldNotBeOpenedWithoutOneOfItsChunks() throws IOException {
        byte[] bytes = Files.readAllBytes(sealed);
        int second = HEAD + AROUND_CHUNK + CHUNK;
        int end = second + AROUND_CHUNK + CHUNK;
        ByteBuffer less = ByteBuffer.allocate(bytes.length - (end - second))
                .put(bytes, 0, second)
                .put(bytes, end, bytes.length - end);
        Files.write(sealed, less.array());

        assertThatThrownBy(() -> open(0, key)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    @Test
    void shouldNotBeOpenedWhenItIsCutOffOrChanged() throws IOException {
        byte[] bytes = Files.readAllBytes(sealed);
        Files.write(sealed, Arrays.copyOf(bytes, bytes.length - AROUND_CHUNK));

        assertThatThrownBy(() -> open(0, key)).isInstanceOf(IOException.class).hasMessageContaining("cut off");

        for (int changed : new int[] {HEAD - 1, HEAD + 7, HEAD + 11, HEAD + 12, bytes.length - 1}) {
            byte[] wrong = bytes.clone();
            wrong[changed] ^= 1;
            Files.write(sealed, wrong);

            assertThatThrownBy(() -> open(0, key)).as("byte %d", changed).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseToSealLessThanItIsSaidToBe() throws IOException {
        Path plain = Files.write(folder.resolve("short"), new byte[10]);
        try (FileChannel channel = FileChannel.open(plain)) {
            assertThatThrownBy(() -> new SealedFile(folder.resolve("long"), 0, key).write(channel, 11))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ends at 10");
        }
    }
}
