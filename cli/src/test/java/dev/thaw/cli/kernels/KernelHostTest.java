package dev.thaw.cli.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an x86_64 and a Graviton host make of the same builds. */
final class KernelHostTest {
    private static final String X86 = """
            processor	: 0
            flags		: fpu sse sse2 avx avx2 fma bmi1 bmi2 f16c movbe abm
            processor	: 1
            flags		: fpu avx512f
            """;
    private static final String GRAVITON_3 = """
            processor	: 0
            Features	: fp asimd evtstrm aes atomics asimddp sve bf16 i8mm
            CPU part	: 0xd40
            """;

    @TempDir
    private Path binaries;

    private final List<String> notRun = new ArrayList<>();

    private KernelHost host(Architecture architecture, String cpuInfo, String... programs) {
        Set<String> found = Set.of(programs);
        return new KernelHost(
                architecture,
                KernelHost.featuresIn(cpuInfo),
                binaries,
                name -> found.contains(name) ? Optional.of("/bin/" + name) : Optional.empty());
    }

    private List<KernelStart> starts(KernelHost host, String build) throws IOException {
        Path folder = Files.createDirectories(binaries.resolve(build));
        Files.setPosixFilePermissions(
                Files.writeString(folder.resolve("kernels"), ""), PosixFilePermissions.fromString("rwxr-xr-x"));
        return host.starts(KernelBuild.of(build), notRun);
    }

    @Test
    void shouldRunWhatTheProcessorHas() throws IOException {
        KernelHost host = host(Architecture.X86_64, X86, "qemu-aarch64");

        assertThat(starts(host, "x86_64-avx2")).singleElement().satisfies(start -> {
            assertThat(start.emulated()).isFalse();
            assertThat(start.command())
                    .containsExactly(binaries.resolve("x86_64-avx2/kernels").toString());
        });
        assertThat(starts(host, "x86_64-avx512")).isEmpty();
        assertThat(notRun)
                .containsExactly("x86_64-avx512: this processor lacks avx512f, avx512bw, avx512cd, avx512dq, avx512vl");
    }

    @Test
    void shouldEmulateWhatIsForeignAndSveInSeveralWidths() throws IOException {
        KernelHost host = host(Architecture.X86_64, X86, "qemu-aarch64");

        assertThat(starts(host, "arm64-neon")).singleElement().satisfies(start -> {
            assertThat(start.emulator()).isEqualTo("qemu-aarch64");
            assertThat(start.command()).startsWith("/bin/qemu-aarch64", "-cpu", "max");
        });
        assertThat(starts(host, "arm64-sve"))
                .extracting(KernelStart::name)
                .containsExactly("arm64-sve-128", "arm64-sve-256", "arm64-sve-512", "arm64-sve-2048");
        assertThat(notRun).isEmpty();
    }

    @Test
    void shouldRunNeonAndSveAndEmulateAvx2OnGraviton() throws IOException {
        KernelHost host = host(Architecture.ARM64, GRAVITON_3, "qemu-x86_64");

        for (String build : List.of("arm64-scalar", "arm64-neon", "arm64-sve")) {
            assertThat(starts(host, build)).extracting(KernelStart::emulated).containsExactly(false);
        }
        assertThat(starts(host, "x86_64-avx2"))
                .extracting(KernelStart::emulator)
                .containsExactly("qemu-x86_64");
        assertThat(starts(host, "x86_64-avx512")).isEmpty();
        assertThat(notRun).containsExactly("x86_64-avx512: qemu-x86_64 has no AVX-512");
    }

    @Test
    void shouldSayWhatIsMissingInOneLineEach() throws IOException {
        KernelHost host = host(Architecture.X86_64, X86);

        assertThat(host.starts(KernelBuild.of("x86_64-sse2"), notRun)).isEmpty();
        assertThat(host.starts(KernelBuild.of("arm64-neon"), notRun)).isEmpty();
        assertThat(starts(host, "arm64-scalar")).isEmpty();
        assertThat(host(Architecture.X86_64, X86, "gcc").starts(KernelBuild.of("x86_64-avx2"), notRun))
                .isEmpty();

        assertThat(notRun)
                .containsExactly(
                        "x86_64-sse2: not built: gcc not found: install the package gcc",
                        "arm64-neon: not built: aarch64-linux-gnu-gcc not found: install the package gcc-aarch64-linux-gnu",
                        "arm64-scalar: qemu-aarch64 not found: install the package qemu-user",
                        "x86_64-avx2: not built: run make -C examples kernels");
    }
}
