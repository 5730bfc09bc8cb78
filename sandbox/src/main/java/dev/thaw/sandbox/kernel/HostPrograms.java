package dev.thaw.sandbox.kernel;

import dev.thaw.sandbox.Architecture;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Programs of the host that the process backend leans on, found on {@code PATH}. */
public final class HostPrograms {
    private HostPrograms() {}

    public static Optional<String> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(program)) {
                return Optional.of(program.toString());
            }
        }
        return Optional.empty();
    }

    public static String require(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException(name + " is not on PATH"));
    }

    /** The emulator of an architecture's user programs. */
    public static String emulator(Architecture architecture) {
        return architecture == Architecture.ARM64 ? "qemu-aarch64" : "qemu-x86_64";
    }
}
