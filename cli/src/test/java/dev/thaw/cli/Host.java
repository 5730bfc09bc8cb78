package dev.thaw.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.sandbox.Architecture;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What tests need of this machine: root, bubblewrap and the built examples. Missing, they skip with a printed line. */
public final class Host {
    private static final Path EXAMPLES = Path.of(System.getProperty("thaw.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("examples");
    private static boolean built;

    private Host() {}

    /** Skips the calling test class where sandboxes cannot run; builds the examples the first time. */
    public static void requireSandboxes() throws IOException, InterruptedException {
        skipUnless("root".equals(System.getProperty("user.name")), "root");
        for (String program : List.of("bwrap", "gcc", "make")) {
            skipUnless(has(program), program);
        }
        skipUnless(Architecture.host() == Architecture.X86_64, "an x86_64 host");
        build();
    }

    /** Skips where no guest of this host's architecture can be started with a runtime of its own. */
    static void requireMicroVms() {
        skipUnless(has("qemu-system-x86_64"), "qemu-system-x86_64");
        skipUnless(has("mkfs.erofs"), "mkfs.erofs");
        String missing = ImagesCommand.open().missing(Architecture.host(), "provided.al2023");
        skipUnless(missing.isEmpty(), missing);
    }

    static void requireAvx2() throws IOException {
        skipUnless(Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2"), "a CPU with AVX2");
    }

    public static void requireArm64() {
        skipUnless(has("qemu-aarch64"), "qemu-aarch64");
        skipUnless(Files.exists(example("arm64").resolve("bootstrap")), "gcc-aarch64-linux-gnu");
    }

    /** Whether guests of arm64 can be started with an example of theirs. */
    static boolean hasArm64Guests() {
        return Files.exists(example("arm64").resolve("bootstrap"))
                && has("qemu-system-aarch64")
                && ImagesCommand.open()
                        .missing(Architecture.ARM64, "provided.al2023")
                        .isEmpty();
    }

    static void requireArm64Guests() {
        skipUnless(hasArm64Guests(), "microVMs of arm64: qemu-system-arm, gcc-aarch64-linux-gnu, their images");
    }

    /** Images of microVMs for all of these. */
    static void requireMicroVms(List<TemplateFunction> functions) throws IOException {
        ServerOptions options = new ServerOptions();
        options.backend = "microvm";
        try (Backends backends = Backends.open(options)) {
            for (TemplateFunction function : functions) {
                backends.runtimes().mountsOf(function.config());
            }
        } catch (WrongUse absent) {
            skipUnless(false, String.valueOf(absent.getMessage()));
        }
    }

    static void requireProgram(String program) {
        skipUnless(has(program), program);
    }

    static void requireFile(Path file) {
        skipUnless(Files.exists(file), file.normalize().toString());
    }

    static void requireRuntime(String name) {
        ManagedRuntime runtime = ManagedRuntime.find(name);
        skipUnless(runtime.usable(), name + ": " + runtime.detail());
    }

    /** Folder of a built deployment package. */
    public static Path example(String name) {
        return EXAMPLES.resolve("target").resolve(name);
    }

    private static synchronized void build() throws IOException, InterruptedException {
        if (!built) {
            make(EXAMPLES.resolveSibling("runtimes").resolve("java"));
            make(EXAMPLES);
            built = true;
        }
    }

    /** One at a time on the whole host: tests run in two processes. */
    private static void make(Path folder) throws IOException, InterruptedException {
        String lock = folder.resolve("Makefile").toString();
        Process make = new ProcessBuilder("flock", lock, "make", "-s", "-C", folder.toString())
                .inheritIO()
                .start();
        if (make.waitFor() != 0) {
            throw new AssertionError("make -s -C " + folder + " failed");
        }
    }

    private static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void skipUnless(boolean there, String what) {
        if (!there) {
            System.out.println("skipped: needs " + what);
        }
        assumeTrue(there, "needs " + what);
    }
}
