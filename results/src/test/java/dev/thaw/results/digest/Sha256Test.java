package dev.thaw.results.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Sha256Test {
    /** FIPS 180-4's example of one block. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void shouldBeThatOfTheStandard() throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);

        assertThat(Sha256.hex(abc)).isEqualTo(ABC);
        assertThat(Sha256.hex(Files.write(folder.resolve("abc"), abc))).isEqualTo(ABC);
        var digest = Sha256.digest();
        digest.update(abc);
        assertThat(Sha256.hex(digest)).isEqualTo(ABC);
    }
}
