package dev.thaw.sandbox.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.LaunchFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of an image can be started, and the words where nothing can (contract.md section 11). */
final class ImageEntryPointTest {
    private static final int SEGMENT_TABLE = 64;

    @TempDir
    Path root;

    private EntryPoint resolve(Architecture architecture, String directory, String... words) {
        return ImageEntryPoint.resolve(root, new ImageProcess(List.of(words), List.of("arg"), directory), architecture);
    }

    private void put(String path, String mode, byte[] content) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private void script(String path, String text) throws IOException {
        put(path, "rwxr-xr-x", text.getBytes(StandardCharsets.UTF_8));
    }

    private void program(String path, Architecture architecture, String loader) throws IOException {
        ByteBuffer elf = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1});
        elf.putShort(18, (short) EntryPoint.machine(architecture));
        elf.putLong(32, SEGMENT_TABLE);
        if (!loader.isEmpty()) {
            byte[] text = loader.getBytes(StandardCharsets.UTF_8);
            elf.putShort(56, (short) 1);
            elf.putInt(SEGMENT_TABLE, 3);
            elf.putLong(SEGMENT_TABLE + 8, 160);
            elf.putLong(SEGMENT_TABLE + 32, text.length + 1);
            elf.put(160, text);
        }
        put(path, "rwxr-xr-x", elf.array());
    }

    @Test
    void shouldStartAProgramWithItsArguments() throws IOException {
        program("/app", Architecture.host(), "");
        EntryPoint entry = resolve(Architecture.host(), "/", "/app", "-x");
        assertThat(entry.runnable()).isTrue();
        assertThat(entry.command(List.of("emulator"), Architecture.host())).containsExactly("/app", "-x", "arg");
    }

    @Test
    void shouldStartAScriptOfTheOtherArchitectureByItsInterpreter() throws IOException {
        Architecture foreign = Architecture.host() == Architecture.ARM64 ? Architecture.X86_64 : Architecture.ARM64;
        program("/usr/bin/sh", foreign, "");
        Files.createSymbolicLink(root.resolve("bin"), Path.of("/usr/bin"));
        script("/entry.sh", "#! /bin/sh -e\nexit\n");

        EntryPoint entry = resolve(foreign, "/usr", "/entry.sh");

        assertThat(entry.foreign()).isTrue();
        assertThat(entry.command(List.of("emulator"), foreign))
                .startsWith("emulator", "-cpu")
                .endsWith("/bin/sh", "-e", "/entry.sh", "arg");
    }

    @Test
    void shouldFollowAnEntryPointThatIsALinkInsideTheImage() throws IOException {
        Files.createDirectories(root.resolve("usr/bin"));
        program("/usr/bin/app", Architecture.host(), "");
        Files.createSymbolicLink(root.resolve("entry"), Path.of("/usr/bin/app"));

        EntryPoint entry = resolve(Architecture.host(), "/", "/entry");

        assertThat(entry.runnable()).isTrue();
        assertThat(entry.command(List.of("emulator"), Architecture.host())).containsExactly("/entry", "arg");
    }

    @ParameterizedTest
    @CsvSource({
        "/absent, fork/exec /absent: no such file or directory",
        "app, fork/exec app: must be an absolute path",
        "/dangling, fork/exec /dangling: no such file or directory",
        "/linked, fork/exec /linked: permission denied",
        "/plain, fork/exec /plain: permission denied",
        "/owners, fork/exec /owners: permission denied",
        "/folder, fork/exec /folder: permission denied",
        "/text, fork/exec /text: exec format error",
        "/foreign, fork/exec /foreign: exec format error",
        "/loose, fork/exec /loose: no such file or directory (its loader /lib/ld.so)",
        "/lost.sh, fork/exec /lost.sh: no such file or directory (its interpreter /bin/none)"
    })
    void shouldSayWhyAnEntryPointCannotRun(String path, String reason) throws IOException {
        program("/app", Architecture.X86_64, "");
        program("/foreign", Architecture.ARM64, "");
        program("/loose", Architecture.X86_64, "/lib/ld.so");
        script("/text", "echo no interpreter line");
        script("/lost.sh", "#!/bin/none\n");
        put("/plain", "rw-r--r--", new byte[0]);
        put("/owners", "rwxr-----", new byte[0]);
        Files.createDirectory(root.resolve("folder"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("/nowhere"));
        Files.createSymbolicLink(root.resolve("linked"), Path.of("plain"));

        EntryPoint entry = resolve(Architecture.X86_64, "/", path);

        assertThat(entry.runnable()).isFalse();
        assertThat(entry.fault()).isEqualTo(new LaunchFault("Runtime.InvalidEntrypoint", reason));
        assertThat(entry.complaint())
                .isEqualTo(
                        "IMAGE\tLaunch error: " + reason + "\tEntrypoint: [" + path + "]\tCmd: [arg]\tWorkingDir: [/]");
    }

    @Test
    void shouldNotLookOutsideTheImage() throws IOException {
        Path image = Files.createDirectories(root.resolve("image"));
        program("/app", Architecture.X86_64, "");
        Files.createSymbolicLink(image.resolve("out"), Path.of(".."));
        EntryPoint entry = ImageEntryPoint.resolve(
                image, new ImageProcess(List.of("/out/app"), List.of(), "/"), Architecture.X86_64);
        assertThat(entry.fault().reason()).isEqualTo("fork/exec /out/app: no such file or directory");
    }

    @Test
    void shouldSayThatThereIsNothingToRunOrNowhereToRunIt() throws IOException {
        program("/app", Architecture.X86_64, "");
        assertThat(resolve(Architecture.X86_64, "/absent", "/app").fault())
                .isEqualTo(new LaunchFault("Runtime.InvalidWorkingDir", "chdir /absent: no such file or directory"));
        assertThat(resolve(Architecture.X86_64, "app", "/app").fault().errorType())
                .isEqualTo("Runtime.InvalidWorkingDir");
        EntryPoint nothing =
                ImageEntryPoint.resolve(root, new ImageProcess(List.of(), List.of(), "/"), Architecture.X86_64);
        assertThat(nothing.fault().errorType()).isEqualTo("Runtime.InvalidEntrypoint");
    }
}
