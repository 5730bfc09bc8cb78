package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.HostPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Programs of an unpacked root, run in it as guests will run them; those of another architecture translated. What they
 * see beside the root is this host's network and, read-only, its files at {@value #HOST}.
 */
final class RootPrograms {
    private static final String HOST = "/run/host";

    private final Path root;
    private final List<String> translator;

    RootPrograms(Path root, Architecture architecture) throws IOException {
        this.root = root;
        translator = architecture == Architecture.host() ? List.of() : translator(architecture);
    }

    /** Whether this host can run any. */
    static boolean usable(Architecture architecture) {
        boolean runs = architecture == Architecture.host()
                || (HostPrograms.find(HostPrograms.emulator(architecture)).isPresent() && Files.exists(loader()));
        return runs && HostPrograms.find("bwrap").isPresent();
    }

    /** The emulator needs libraries of this host, which are not where the root has its own. */
    private static List<String> translator(Architecture architecture) throws IOException {
        Path loader = loader().toRealPath();
        return List.of(
                HOST + loader,
                "--library-path",
                HOST + loader.getParent(),
                HOST
                        + Path.of(HostPrograms.require(HostPrograms.emulator(architecture)))
                                .toRealPath());
    }

    private static Path loader() {
        return Path.of(
                Architecture.host() == Architecture.X86_64
                        ? "/lib64/ld-linux-x86-64.so.2"
                        : "/lib/ld-linux-aarch64.so.1");
    }

    void run(List<String> command) throws IOException {
        HostCommand.run(words(command, Map.of()), Map.of());
    }

    /** What it says is nobody's. */
    Process start(List<String> command, Map<String, String> variables) throws IOException {
        return new ProcessBuilder(words(command, variables))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> words(List<String> command, Map<String, String> variables) {
        List<String> words = new ArrayList<>(List.of("bwrap", "--bind", root.toString(), "/"));
        words.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run"));
        words.addAll(List.of("--ro-bind", "/", HOST, "--die-with-parent", "--clearenv"));
        variables.forEach((name, value) -> words.addAll(List.of("--setenv", name, value)));
        words.add("--");
        words.addAll(translator);
        words.addAll(command);
        return words;
    }
}
