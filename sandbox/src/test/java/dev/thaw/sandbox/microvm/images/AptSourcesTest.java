package dev.thaw.sandbox.microvm.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AptSourcesTest {
    @TempDir
    private Path root;

    @BeforeEach
    void beDebian() throws IOException {
        Files.createDirectories(root.resolve("etc/apt/sources.list.d"));
        Files.writeString(root.resolve("etc/os-release"), "ID=debian\nVERSION_CODENAME=bookworm\n");
    }

    @Test
    void shouldTakeOtherSuitesFromTheSameArchives() throws IOException {
        Files.writeString(root.resolve("etc/apt/sources.list"), """
                # a comment
                deb [signed-by=/k] http://archive.example/debian bookworm main contrib
                deb-src http://archive.example/debian bookworm main
                deb http://other.example/tools stable main
                """);
        Files.writeString(root.resolve("etc/apt/sources.list.d/debian.sources"), """
                Types: deb
                URIs: http://security.example/debian-security
                Suites: bookworm-security
                Components: main
                Signed-By: /usr/share/keyrings/archive.gpg

                Types: deb
                URIs: http://off.example/debian
                Suites: bookworm
                Components: main
                Enabled: no
                """);

        assertThat(AptSources.read(root).of("trixie")).isEqualTo("""
                deb [signed-by=/k] http://archive.example/debian trixie main contrib
                deb [signed-by=/usr/share/keyrings/archive.gpg] http://security.example/debian-security trixie-security main
                """);
    }

    @Test
    void shouldSayWhenNoSourceNamesTheMachinesSuite() {
        assertThatThrownBy(() -> AptSources.read(root))
                .isInstanceOf(IOException.class)
                .hasMessage("no apt source below " + root.resolve("etc/apt") + " names the suite bookworm");
    }

    @Test
    void shouldSayWhenTheMachineIsNoDebian() throws IOException {
        Files.writeString(root.resolve("etc/os-release"), "ID=fedora\nVERSION_CODENAME=x\n");

        assertThatThrownBy(() -> AptSources.read(root)).hasMessageContaining("this machine is no Debian system");
    }
}
