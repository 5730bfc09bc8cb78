package dev.thaw.cli;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.microvm.images.GuestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw doctor}: what this host can isolate, run and measure; what is missing; how to get it. */
@Command(name = "doctor", description = "Say what this host can do.", mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--install",
            description =
                    "First install what is missing: packages (root on Debian), the client of nodejs functions (npm), kernels and"
                            + " root images of microVMs.")
    @SuppressWarnings("UnusedVariable") // Known here for the help text; the launcher acts on it.
    private boolean install;

    @Mixin
    private ServerOptions options = new ServerOptions();

    /** A program that something needs. */
    private record Program(String name, String packageName, String use) {}

    private static final List<Program> PROGRAMS = List.of(
            new Program("gcc", "gcc", "building the C examples, and what runs external extensions"),
            new Program("make", "make", "building the C examples, and what runs external extensions"),
            new Program("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", "building the arm64 examples on x86_64"),
            new Program("objdump", "binutils", "reading back what thaw arch runs"),
            new Program("aarch64-linux-gnu-objdump", "binutils-aarch64-linux-gnu", "the same of arm64 builds"),
            new Program("python3", "python3", "the Python example"),
            new Program("curl", "curl", "the shell example's runtime"),
            new Program("autoreconf", "autoconf", "building the client of nodejs functions"),
            new Program("libtoolize", "libtool", "building the client of nodejs functions"),
            new Program("cmake", "cmake", "building the client of nodejs functions"),
            new Program("g++", "g++", "building the client of nodejs functions"),
            new Program("qemu-system-x86_64", "qemu-system-x86", "microVMs of x86_64"),
            new Program("qemu-system-aarch64", "qemu-system-arm", "microVMs of arm64"),
            new Program("mkfs.erofs", "erofs-utils", "microVMs: images of functions and runtimes"),
            new Program("xz", "xz-utils", "microVMs: modules of newer kernels"),
            new Program("chromium", "chromium", "the test that opens the report"),
            new Program("wrk", "wrk", "the comparisons in load-gen/bench"),
            new Program("nginx", "nginx-light", "the comparisons in load-gen/bench"));

    @Override
    public Integer call() {
        System.out.println("host       " + Runtime.getRuntime().availableProcessors() + " CPUs, "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        System.out.println("java       " + Runtime.version() + " (" + System.getProperty("java.home") + ")");
        try (Backends backends = Backends.open(options)) {
            print(backends.sandboxes().isolation());
        }
        System.out.println("runtimes");
        ManagedRuntime.NAMES.stream().map(ManagedRuntime::find).forEach(DoctorCommand::print);
        printGuests(ImagesCommand.open());
        System.out.println("programs");
        PROGRAMS.forEach(DoctorCommand::print);
        return 0;
    }

    /** Which runtimes microVMs have, and for which architectures. */
    private static void printGuests(GuestImages images) {
        System.out.println("microVMs   (--backend microvm)");
        for (Architecture architecture : Architecture.values()) {
            String kernel = images.missingKernel(architecture);
            printGuest(architecture, "kernel", kernel);
            for (String runtime : kernel.isEmpty() ? GuestImages.RUNTIMES : List.<String>of()) {
                printGuest(architecture, runtime, images.missing(architecture, runtime));
            }
        }
    }

    private static void printGuest(Architecture architecture, String what, String missing) {
        System.out.printf(
                "  %-7s %-20s %s%n",
                missing.isEmpty() ? "yes" : "no", what, architecture.key() + (missing.isEmpty() ? "" : ": " + missing));
    }

    private static void print(Isolation isolation) {
        System.out.println("sandboxes  " + isolation.backend() + ", isolation " + isolation.level());
        isolation
                .features()
                .forEach(feature -> System.out.printf(
                        "  %-7s %-20s %s%n", feature.held() ? "yes" : "MISSING", feature.name(), feature.detail()));
    }

    private static void print(ManagedRuntime runtime) {
        System.out.printf("  %-7s %-20s %s%n", runtime.usable() ? "yes" : "no", runtime.name(), runtime.detail());
    }

    private static void print(Program program) {
        boolean found = Stream.concat(
                        Stream.of("/usr/sbin"), Stream.of(System.getenv("PATH").split(":")))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program.name())));
        System.out.printf(
                "  %-7s %-22s %s%s%n",
                found ? "yes" : "MISSING",
                program.name(),
                program.use(),
                found ? "" : ": install the package " + program.packageName());
    }
}
