package dev.thaw.cli.kernels;

import dev.thaw.jmh.kernels.KernelRunner;
import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.HostPrograms;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which builds this host can run, and how: on its processor, by an emulator, or not, and then why not.
 *
 * @param features flags of the processor
 * @param binaries folder of the C builds
 * @param programs finds a program on the path
 */
record KernelHost(
        Architecture architecture, Set<String> features, Path binaries, Function<String, Optional<String>> programs) {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    /** Widths of SVE's vectors that the emulator is asked for, in bytes: the narrowest, Graviton 3's, the widest .. */
    private static final int[] SVE_BYTES = {16, 32, 64, 256};

    static KernelHost find(Path binaries) throws IOException {
        return new KernelHost(
                Architecture.host(),
                featuresIn(Files.readString(Path.of("/proc/cpuinfo"))),
                binaries,
                HostPrograms::find);
    }

    /** Of the first processor in the text of {@code /proc/cpuinfo}: {@code flags} on x86, {@code Features} on arm64. */
    static Set<String> featuresIn(String cpuInfo) {
        return cpuInfo.lines()
                .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                .findFirst()
                .map(line ->
                        Set.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
                .orElse(Set.of());
    }

    /** The ways to start the build; none, and a line in {@code notRun}, where there is no way. */
    List<KernelStart> starts(KernelBuild build, List<String> notRun) {
        if (build.isJava()) {
            return java(build, notRun);
        }
        Path binary = binaries.resolve(build.name()).resolve("kernels");
        if (!Files.isExecutable(binary)) {
            notRun.add(build.name() + ": not built: " + whyNotBuilt(build.architecture()));
            return List.of();
        }
        return build.architecture() == architecture
                ? onProcessor(build, binary, notRun)
                : emulated(build, binary, notRun);
    }

    private String whyNotBuilt(Architecture wanted) {
        String prefix =
                wanted == architecture ? "" : wanted == Architecture.ARM64 ? "aarch64-linux-gnu-" : "x86_64-linux-gnu-";
        String packageName =
                prefix.isEmpty() ? "gcc" : "gcc-" + prefix.replace("_", "-").replaceAll("-$", "");
        if (programs.apply(prefix + "gcc").isEmpty()) {
            return prefix + "gcc not found: install the package " + packageName;
        }
        return "run make -C examples kernels";
    }

    private List<KernelStart> onProcessor(KernelBuild build, Path binary, List<String> notRun) {
        List<String> lacking = build.features().stream()
                .filter(each -> !features.contains(each))
                .toList();
        if (lacking.isEmpty()) {
            return List.of(new KernelStart(build.name(), build, List.of(binary.toString()), binary, null));
        }
        notRun.add(build.name() + ": this processor lacks " + String.join(", ", lacking));
        return List.of();
    }

    private List<KernelStart> emulated(KernelBuild build, Path binary, List<String> notRun) {
        String name = HostPrograms.emulator(build.architecture());
        Optional<String> emulator = programs.apply(name);
        if (emulator.isEmpty()) {
            notRun.add(build.name() + ": " + name + " not found: install the package qemu-user");
            return List.of();
        }
        if (build.instructionSet().equals("avx512")) {
            notRun.add(build.name() + ": " + name + " has no AVX-512");
            return List.of();
        }
        if (!build.instructionSet().equals("sve")) {
            return List.of(new KernelStart(
                    build.name(), build, List.of(emulator.get(), "-cpu", "max", binary.toString()), binary, name));
        }
        List<KernelStart> widths = new ArrayList<>();
        for (int bytes : SVE_BYTES) {
            String cpu = "max,sve-default-vector-length=" + bytes;
            List<String> command = List.of(emulator.get(), "-cpu", cpu, binary.toString());
            widths.add(new KernelStart(build.name() + "-" + bytes * Byte.SIZE, build, command, binary, name));
        }
        return widths;
    }

    private static List<KernelStart> java(KernelBuild build, List<String> notRun) {
        boolean vector = build.instructionSet().equals("vector");
        if (vector && ModuleFinder.ofSystem().find(VECTOR_MODULE).isEmpty()) {
            notRun.add(build.name() + ": this JDK has no module " + VECTOR_MODULE);
            return List.of();
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Compilers do not run beside what is measured: code is compiled where it is needed, then goes on.
        command.addAll(List.of("-Xbatch", "-XX:+UseSerialGC", "-Xmx256m", "-XX:-UsePerfData"));
        if (vector) {
            command.addAll(List.of("--add-modules", VECTOR_MODULE));
        }
        command.addAll(build.jvmOptions().subList(0, build.jvmOptions().size() - 1));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelRunner.class.getName()));
        command.add(build.jvmOptions().getLast());
        return List.of(new KernelStart(build.name(), build, List.copyOf(command), null, null));
    }

    /** The program that disassembles a build, if it is there. */
    Optional<String> disassembler(Architecture of) {
        if (of == architecture) {
            return programs.apply("objdump");
        }
        return programs.apply(of == Architecture.ARM64 ? "aarch64-linux-gnu-objdump" : "x86_64-linux-gnu-objdump");
    }
}
