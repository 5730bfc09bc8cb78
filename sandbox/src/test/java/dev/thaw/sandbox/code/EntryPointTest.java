package dev.thaw.sandbox.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search of contract.md 1.8. */
final class EntryPointTest {
    @TempDir
    Path folder;

    private EntryPoint resolve(Path code, Architecture architecture, Path... layers) {
        return EntryPoint.resolve(
                new SandboxSpec("name", architecture, code, List.of(layers), Map.of(), 128, 512, Map.of()));
    }

    @Test
    void shouldPreferThePackageThenTheLastLayer() throws IOException {
        Path code = Functions.shell(folder, "code", "");
        Path first = Functions.shell(folder, "first", "");
        Path second = Functions.shell(folder, "second", "");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(resolve(code, Architecture.X86_64, first).path()).isEqualTo("/var/task/bootstrap");
        EntryPoint fromLayer = resolve(empty, Architecture.X86_64, first, second, empty);
        assertThat(fromLayer.path()).isEqualTo("/opt/bootstrap");
        assertThat(fromLayer.hostPath()).isEqualTo(second.resolve("bootstrap").toString());
    }

    @Test
    void shouldSayWhyABootstrapCannotRun() throws IOException {
        assertThat(resolve(folder, Architecture.X86_64).complaint())
                .isEqualTo("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
        Path plain = Functions.shell(folder, "plain", "");
        Files.setPosixFilePermissions(plain.resolve("bootstrap"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(resolve(plain, Architecture.X86_64).complaint())
                .isEqualTo("/var/task/bootstrap is not an executable file");
        Path text = Functions.shell(folder, "text", "");
        Files.writeString(text.resolve("bootstrap"), "echo no interpreter line");
        assertThat(resolve(text, Architecture.X86_64).complaint()).startsWith("exec format error: /var/task/bootstrap");
    }

    @Test
    void shouldTellAProgramOfTheOtherArchitecture() throws IOException {
        Path code = Functions.shell(folder, "elf", "");
        byte[] head = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F'}, 0, head, 0, 4);
        head[18] = (byte) 183;
        Files.write(code.resolve("bootstrap"), head);
        EntryPoint arm64 = resolve(code, Architecture.ARM64);
        assertThat(arm64.runnable()).isTrue();
        assertThat(arm64.foreign()).isEqualTo(Architecture.host() == Architecture.X86_64);
        assertThat(resolve(code, Architecture.X86_64).complaint())
                .isEqualTo("exec format error: /var/task/bootstrap is not built for x86_64");
    }
}
