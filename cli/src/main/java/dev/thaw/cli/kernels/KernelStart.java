package dev.thaw.cli.kernels;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a build is started on this host.
 *
 * @param name the build's, with the width of vectors where there are several
 * @param binary to disassemble; null for Java
 * @param emulator the program that emulates the build's processor, or null on the processor itself
 */
record KernelStart(
        String name,
        KernelBuild build,
        List<String> command,
        @Nullable Path binary,
        @Nullable String emulator) {
    boolean emulated() {
        return emulator != null;
    }
}
