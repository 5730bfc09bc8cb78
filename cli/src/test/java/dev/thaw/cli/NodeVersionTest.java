package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Node.js of the host a function runs on, by what each program says of itself. */
final class NodeVersionTest {
    @TempDir
    Path folder;

    private Path node(String name, String text) throws IOException {
        return Functions.file(folder.resolve(name), "bin", "node", "#!/bin/sh\n" + text + "\n")
                .resolve("..")
                .normalize();
    }

    @Test
    void shouldTakeTheVeryMajorVersionAsIsMounted() throws IOException {
        Path silent = node("silent", "exit 1");
        Path older = node("older", "echo v20.20.2");
        Path newer = node("newer", "echo v22.1.0");
        Path links = Files.createDirectories(folder.resolve("links/bin"));
        Files.createSymbolicLink(links.resolve("node"), newer.resolve("bin/node"));
        Path gone = folder.resolve("gone");

        ManagedRuntime found = NodeRuntime.among(
                Stream.of(gone, silent, older, links.resolve("..").normalize()), "nodejs22.x");
        assertThat(found.usable()).isTrue();
        assertThat(found.mounts()).containsEntry(SandboxSpec.LANGUAGE_DIRECTORY, newer.toRealPath());
        assertThat(NodeRuntime.among(Stream.of(silent, older), "nodejs20.x").usable())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "nodejs22.x, no Node.js 22 on the PATH of this host",
        "nodejs24.x, its client runs on Node.js 18 to 22 only",
        "nodejs16.x, its client runs on Node.js 18 to 22 only"
    })
    void shouldSayWhyThereIsNone(String name, String reason) throws IOException {
        ManagedRuntime runtime =
                NodeRuntime.among(Stream.of(node("a", "echo v20.1.0"), node("b", "echo v2.2.22")), name);
        assertThat(runtime.usable()).isFalse();
        assertThat(runtime.detail()).isEqualTo(reason);
    }
}
