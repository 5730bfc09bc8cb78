package dev.thaw.cli.kernels;

import dev.thaw.sandbox.Architecture;
import java.util.List;

/**
 * A build of all kernels.
 *
 * @param name as on the command line and in bundles; of C also its folder below {@code examples/target/kernels}
 * @param features flags of {@code /proc/cpuinfo} without which it does not run
 * @param jvmOptions of a Java build; the last is the runner's argument
 */
record KernelBuild(
        String name, Architecture architecture, String instructionSet, List<String> features, List<String> jvmOptions) {
    private static final List<String> AVX2 = List.of("avx2", "fma", "bmi1", "bmi2", "f16c", "movbe", "abm");
    private static final List<String> AVX512 = List.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");
    private static final List<String> NEOVERSE_N1 = List.of("asimd", "atomics", "asimddp");

    /** The reference: its checksums are what all others are held to. */
    static final KernelBuild REFERENCE = java("java-scalar", "scalar", List.of("-XX:-UseSuperWord", "plain"));

    static final List<KernelBuild> ALL = List.of(
            c("x86_64-scalar", Architecture.X86_64, "scalar", List.of()),
            c("x86_64-sse2", Architecture.X86_64, "sse2", List.of("sse2")),
            c("x86_64-avx2", Architecture.X86_64, "avx2", AVX2),
            c("x86_64-avx512", Architecture.X86_64, "avx512", AVX512),
            c("arm64-scalar", Architecture.ARM64, "scalar", NEOVERSE_N1),
            c("arm64-neon", Architecture.ARM64, "neon", NEOVERSE_N1),
            c("arm64-sve", Architecture.ARM64, "sve", List.of("sve", "asimddp", "bf16", "i8mm")),
            REFERENCE,
            java("java-auto", "auto", List.of("plain")),
            java("java-vector", "vector", List.of("vector")));

    private static KernelBuild c(String name, Architecture architecture, String instructionSet, List<String> features) {
        return new KernelBuild(name, architecture, instructionSet, features, List.of());
    }

    private static KernelBuild java(String name, String instructionSet, List<String> options) {
        return new KernelBuild(name, Architecture.host(), instructionSet, List.of(), options);
    }

    boolean isJava() {
        return !jvmOptions.isEmpty();
    }

    static List<String> names() {
        return ALL.stream().map(KernelBuild::name).toList();
    }

    static KernelBuild of(String name) {
        return ALL.stream()
                .filter(each -> each.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "arch: --builds: unknown build '" + name + "', known are " + String.join(", ", names())));
    }
}
