package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.Credentials;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.microvm.images.GuestFiles;
import dev.thaw.sandbox.microvm.images.GuestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Backends of microVMs for tests, with the images that {@code thaw doctor --install} makes. */
final class MicroVms {

    private MicroVms() {}

    static MicroVmBackend openOrSkip(Architecture architecture) {
        return openOrSkip(architecture, config());
    }

    static MicroVmBackend openOrSkip(Architecture architecture, MicroVmConfig config) {
        return openOrSkip(architecture, config, images -> images);
    }

    static MicroVmBackend openOrSkip(
            Architecture architecture, MicroVmConfig config, UnaryOperator<GuestFiles> altering) {
        GuestImages images = images();
        skipUnless(Credentials.effectiveUserId() == 0, "root");
        skipUnless(HostPrograms.find("bwrap").isPresent(), "bwrap");
        skipUnless(HostPrograms.find("mkfs.erofs").isPresent(), "mkfs.erofs");
        String emulator = GuestMemory.emulator(architecture);
        skipUnless(HostPrograms.find(emulator).isPresent(), emulator);
        skipUnless(images.missing(architecture, "provided.al2023").isEmpty(), images.missing(architecture, "provided"));
        try {
            images.boot(architecture);
        } catch (IOException missing) {
            skipUnless(false, String.valueOf(missing.getMessage()));
        }
        return new MicroVmBackend(config, altering.apply(images), Clock.systemUTC(), System::nanoTime);
    }

    /** Without a probe of KVM: {@code KvmProbeTest} has that. */
    static MicroVmConfig config() {
        return config(0);
    }

    static MicroVmConfig config(int preBooted) {
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        return new MicroVmConfig(
                OptionalInt.empty(),
                scratch,
                MicroVmConfig.Choice.TCG,
                MicroVmConfig.Program.QEMU,
                preBooted,
                Set.of());
    }

    private static GuestImages images() {
        Path root = Stream.of(Path.of(System.getProperty("thaw.root", ".")), Path.of(".."))
                .map(path -> path.toAbsolutePath().normalize())
                .filter(path -> Files.isDirectory(path.resolve("runtimes")))
                .findFirst()
                .orElseThrow();
        return new GuestImages(
                GuestImages.directory(root),
                root.resolve("runtimes"),
                root.resolve("sandbox/target/init"),
                Clock.systemUTC());
    }

    private static void skipUnless(boolean there, String what) {
        if (!there) {
            System.out.println("skipped: microVMs need " + what);
        }
        Assumptions.assumeTrue(there, "microVMs need " + what);
    }
}
