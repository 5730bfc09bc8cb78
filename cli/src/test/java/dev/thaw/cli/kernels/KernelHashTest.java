package dev.thaw.cli.kernels;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.cli.Host;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SHA-256 by every C build that this host can run or emulate. */
@Tag("slow")
final class KernelHashTest {
    @BeforeAll
    static void build() throws IOException, InterruptedException {
        Host.requireSandboxes();
        Host.requireArm64();
    }

    @Test
    void shouldHashTheKnownMessages() throws IOException, NoSuchAlgorithmException {
        List<String> notRun = new ArrayList<>();
        KernelHost host = KernelHost.find(Host.example("kernels"));
        int builds = 0;
        for (KernelBuild build : KernelBuild.ALL) {
            for (KernelStart start : build.isJava() ? List.<KernelStart>of() : host.starts(build, notRun)) {
                try (KernelProcess process = KernelProcess.start(start)) {
                    // FIPS 180-4's examples, and messages around the ends of a block.
                    assertThat(process.digest("abc"))
                            .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
                    assertThat(process.digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
                            .isEqualTo("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
                    for (int size : new int[] {0, 1, 55, 56, 63, 64, 65, 119, 120, 1000}) {
                        String text = "x".repeat(size);
                        assertThat(process.digest(text))
                                .isEqualTo(HexFormat.of()
                                        .formatHex(MessageDigest.getInstance("SHA-256")
                                                .digest(text.getBytes(US_ASCII))));
                    }
                    assertThat(process.run("sha256", 0).checksum()).isEqualTo("cc64726fa77c776f");
                }
                builds++;
            }
        }
        assertThat(builds).as("not run: %s", notRun).isGreaterThanOrEqualTo(8);
    }
}
